/** Names of variables whose complete value is secret. */
const SECRET_NAME = /TOKEN$|PASSWORD$|_AUTH$|SECRET$/;

/** Shorter values are not redacted, because they would match ordinary text. */
const MIN_LENGTH = 6;

/** The secrets in a configuration: passwords in URLs, encoded and decoded, and variables with a secret's name. */
export function secretsOf(config: Readonly<Record<string, unknown>>): readonly string[] {
  const secrets = Object.entries(config).flatMap(([name, value]) => {
    if (typeof value !== 'string') return [];
    if (SECRET_NAME.test(name))
      return [value, ...(name.endsWith('_AUTH') ? [value.slice(value.indexOf(':') + 1)] : [])];
    return passwordsOf(value);
  });
  // Longer ones first, so that a secret is not replaced in part by a shorter one.
  return [...new Set(secrets)].filter(({ length }) => length >= MIN_LENGTH).sort((a, b) => b.length - a.length);
}

function passwordsOf(value: string): string[] {
  if (!URL.canParse(value)) return [];
  const { password } = new URL(value);
  return password === '' ? [] : [password, decodeURIComponent(password)];
}
