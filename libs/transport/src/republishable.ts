/** AMQP short strings can't be longer. */
const MAX_SHORT_STRING_BYTES = 255;

/** Longer header values are dropped; we set none that long. */
const MAX_HEADER_LENGTH = 10_000;

/** Total of all headers: with the headers that we add they must fit into one AMQP frame (128 KiB). */
const MAX_HEADERS_LENGTH = 64 * 1024;

/** Headers that the broker interprets (`CC`) or sets. Published again they would take effect again. */
const BROKER_HEADERS = /^(?:CC|BCC|x-stream-offset|x-death|x-(?:first|last)-death-.*|x-delivery-count)$/;

export const NO_HEADERS: Readonly<Record<string, unknown>> = Object.freeze({});

/** The headers that can be published again: plain values, not too large in total, and none that the broker sets. */
export function republishableHeaders(headers: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const entries = Object.entries(headers);
  if (entries.length === 0) return NO_HEADERS;
  const kept: Record<string, unknown> = {};
  let length = 0;
  for (const [name, value] of entries) {
    if (BROKER_HEADERS.test(name) || !isShortString(name) || !isPlain(value)) continue;
    length += name.length + String(value).length;
    if (length > MAX_HEADERS_LENGTH) break;
    kept[name] = value;
  }
  return kept;
}

function isPlain(value: unknown): boolean {
  if (typeof value === 'string') return value.length <= MAX_HEADER_LENGTH;
  return typeof value === 'boolean' || Number.isFinite(value);
}

/**
 * Whether it fits into an AMQP short string. Invalid UTF-8 gets longer when it is decoded. A UTF-16 unit takes at most
 * 3 bytes in UTF-8.
 */
export function isShortString(value: unknown): value is string {
  if (typeof value !== 'string') return false;
  return value.length * 3 <= MAX_SHORT_STRING_BYTES || Buffer.byteLength(value) <= MAX_SHORT_STRING_BYTES;
}
