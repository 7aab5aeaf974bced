const SECRET = /secret|password|token|gpgKey/i;

/** An entity in a form that JSON can represent, with secrets redacted. */
export function shown(value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  if (Array.isArray(value)) return value.map(shown);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [name, SECRET.test(name) ? '(not shown)' : shown(field)]),
  );
}
