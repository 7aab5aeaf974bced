const SECRET = /pass(word|phrase)?$|secret|token|credential|private|authorization/i;
const MAX_LENGTH = 2_000;

/** A request body for the audit trail: secrets redacted, limited in size; undefined if it is empty. */
export function withoutSecrets(body: unknown): unknown {
  if (body === undefined || body === null) return undefined;
  if (typeof body === 'object' && Object.keys(body).length === 0) return undefined;
  const text = JSON.stringify(body, (key, value) => (SECRET.test(key) ? '[secret]' : value));
  return text.length > MAX_LENGTH ? `[${text.length} characters]` : JSON.parse(text);
}
