/** Names of variables whose whole value is secret. */
const SECRET_NAME = /TOKEN$|PASSWORD$|_AUTH$|SECRET$/;

/** Shorter ones would blot out innocent text, and are no secrets. */
const MIN_LENGTH = 6;

/** The secrets in a configuration: passwords in its URLs, in plain and as they stand there, and what is secret by its name. */
export function secretsOf(config: Readonly<Record<string, unknown>>): readonly string[] {
  const secrets = Object.entries(config).flatMap(([name, value]) => {
    if (typeof value !== 'string') return [];
    if (SECRET_NAME.test(name))
      return [value, ...(name.endsWith('_AUTH') ? [value.slice(value.indexOf(':') + 1)] : [])];
    return passwordsOf(value);
  });
  // Longer ones first, lest a part of one be replaced before the whole.
  return [...new Set(secrets)].filter(({ length }) => length >= MIN_LENGTH).sort((a, b) => b.length - a.length);
}

function passwordsOf(value: string): string[] {
  if (!URL.canParse(value)) return [];
  const { password } = new URL(value);
  return password === '' ? [] : [password, decodeURIComponent(password)];
}
