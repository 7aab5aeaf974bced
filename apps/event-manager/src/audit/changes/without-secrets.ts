const SECRET = /pass(word|phrase)?$|secret|token|credential|private|authorization/i;
const MAX_LENGTH = 2_000;

/** A request's body for the trail: no secrets, and bounded; undefined if there was nothing in it. */
export function withoutSecrets(body: unknown): unknown {
  if (body === undefined || body === null) return undefined;
  if (typeof body === 'object' && Object.keys(body).length === 0) return undefined;
  const text = JSON.stringify(body, (key, value) => (SECRET.test(key) ? '[secret]' : value));
  return text.length > MAX_LENGTH ? `[${text.length} characters]` : JSON.parse(text);
}
