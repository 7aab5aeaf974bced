import type { ConsumeMessage } from 'amqplib';
import type { Delivery } from '../broker.port';
import { publishedAtMsOf } from './publish-mark';

/** AMQP short strings can't be longer. */
const MAX_SHORT_STRING_BYTES = 255;

/** Longer header values are dropped; we set none that long. */
const MAX_HEADER_LENGTH = 10_000;

/** Total of all headers: with the headers that we add they must fit into one AMQP frame (128 KiB). */
const MAX_HEADERS_LENGTH = 64 * 1024;

/** Headers that the broker interprets (`CC`) or sets. Published again they would take effect again. */
const BROKER_HEADERS = /^(?:CC|BCC|x-stream-offset|x-death|x-(?:first|last)-death-.*|x-delivery-count)$/;

/**
 * Converts amqplib's message to a delivery that can safely be published again. Messages are forwarded to a service, a
 * retry level or the parked queue, and one that could not be published would block everything behind it. So headers
 * that are not plain values (tables, lists, bytes) or too large in total, and properties longer than AMQP allows, are
 * dropped. The body is unchanged.
 *
 * @param repeated texts of the previous delivery. Equal ones are shared, so that they are buffered only once.
 */
export function deliveryOf({ content, fields, properties }: ConsumeMessage, repeated: RepeatedTexts = {}): Delivery {
  const { contentType, messageId, correlationId, replyTo, userId, appId, headers = NO_HEADERS } = properties;
  // Assigned one by one: a spread per optional property would allocate an object each, for every delivery.
  const delivery: Writable<Delivery> = {
    body: content,
    headers: republishableHeaders(headers),
    exchange: shared(repeated, 'exchange', fields.exchange),
    routingKey: shared(repeated, 'routingKey', fields.routingKey),
    redelivered: fields.redelivered,
  };
  if (isShortString(contentType)) delivery.contentType = shared(repeated, 'contentType', contentType);
  if (isShortString(messageId)) delivery.messageId = messageId;
  if (isShortString(correlationId)) delivery.correlationId = correlationId;
  if (isShortString(replyTo)) delivery.replyTo = replyTo;
  if (isShortString(userId)) delivery.userId = shared(repeated, 'userId', userId);
  const publishedAtMs = publishedAtMsOf(appId);
  if (publishedAtMs !== undefined) delivery.publishedAtMs = publishedAtMs;
  const offset = headers['x-stream-offset'];
  if (typeof offset === 'number') delivery.offset = offset;
  return delivery;
}

type Writable<Value> = { -readonly [Key in keyof Value]: Value[Key] };

/** Texts that most deliveries of a queue have in common, as in the last delivery. */
export type RepeatedTexts = Writable<Partial<Pick<Delivery, 'exchange' | 'routingKey' | 'contentType' | 'userId'>>>;

function shared(repeated: RepeatedTexts, name: keyof RepeatedTexts, text: string): string {
  const before = repeated[name];
  if (before === text) return before;
  repeated[name] = text;
  return text;
}

const NO_HEADERS: Readonly<Record<string, unknown>> = Object.freeze({});

function republishableHeaders(headers: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
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

/** Invalid UTF-8 gets longer when it is decoded. A UTF-16 unit takes at most 3 bytes in UTF-8. */
function isShortString(value: unknown): value is string {
  if (typeof value !== 'string') return false;
  return value.length * 3 <= MAX_SHORT_STRING_BYTES || Buffer.byteLength(value) <= MAX_SHORT_STRING_BYTES;
}
