import type { ConsumeMessage } from 'amqplib';
import type { Delivery } from '../broker.port';
import { publishedAtMsOf } from './publish-mark';

/** AMQP's short string. What is longer can't be sent again. */
const MAX_SHORT_STRING_BYTES = 255;

/** Header texts longer than this are not carried: nothing of ours is. */
const MAX_HEADER_LENGTH = 10_000;

/** All headers together, so that with ours added they fit into the one frame that AMQP has for them (128 KiB). */
const MAX_HEADERS_LENGTH = 64 * 1024;

/** The broker's own: where a message goes (`CC`), or what became of it. Sent again they would count again. */
const BROKERS_OWN = /^(?:CC|BCC|x-stream-offset|x-death|x-(?:first|last)-death-.*|x-delivery-count)$/;

/**
 * A delivery out of what the library hands over, with what can safely be sent again: a message that comes in is sent on, to a
 * service, a retry level or the parked queue, and a header that could not be would stop everything behind it. So headers
 * that are no plain values (tables, lists, bytes), or together too large, and properties that are longer than AMQP allows,
 * are left out. The body is untouched.
 *
 * @param repeated of the deliveries before it; what this one shares with them it takes from there, so that hundreds that are kept
 *   at once hold it once.
 */
export function deliveryOf({ content, fields, properties }: ConsumeMessage, repeated: RepeatedTexts = {}): Delivery {
  const { contentType, messageId, correlationId, replyTo, userId, appId, headers = NO_HEADERS } = properties;
  // Filled one by one: a spread for each property that may be missing costs an object each, of every delivery.
  const delivery: Filling<Delivery> = {
    body: content,
    headers: carriedHeaders(headers),
    exchange: once(repeated, 'exchange', fields.exchange),
    routingKey: once(repeated, 'routingKey', fields.routingKey),
    redelivered: fields.redelivered,
  };
  if (isShortString(contentType)) delivery.contentType = once(repeated, 'contentType', contentType);
  if (isShortString(messageId)) delivery.messageId = messageId;
  if (isShortString(correlationId)) delivery.correlationId = correlationId;
  if (isShortString(replyTo)) delivery.replyTo = replyTo;
  if (isShortString(userId)) delivery.userId = once(repeated, 'userId', userId);
  const publishedAtMs = publishedAtMsOf(appId);
  if (publishedAtMs !== undefined) delivery.publishedAtMs = publishedAtMs;
  const offset = headers['x-stream-offset'];
  if (typeof offset === 'number') delivery.offset = offset;
  return delivery;
}

type Filling<Value> = { -readonly [Key in keyof Value]: Value[Key] };

/** Texts that most deliveries of a queue have in common, as the last one had them. */
export type RepeatedTexts = Filling<Partial<Pick<Delivery, 'exchange' | 'routingKey' | 'contentType' | 'userId'>>>;

function once(repeated: RepeatedTexts, name: keyof RepeatedTexts, text: string): string {
  const before = repeated[name];
  if (before === text) return before;
  repeated[name] = text;
  return text;
}

const NO_HEADERS: Readonly<Record<string, unknown>> = Object.freeze({});

function carriedHeaders(headers: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const entries = Object.entries(headers);
  if (entries.length === 0) return NO_HEADERS;
  const carried: Record<string, unknown> = {};
  let length = 0;
  for (const [name, value] of entries) {
    if (BROKERS_OWN.test(name) || !isShortString(name) || !isPlain(value)) continue;
    length += name.length + String(value).length;
    if (length > MAX_HEADERS_LENGTH) break;
    carried[name] = value;
  }
  return carried;
}

function isPlain(value: unknown): boolean {
  if (typeof value === 'string') return value.length <= MAX_HEADER_LENGTH;
  return typeof value === 'boolean' || Number.isFinite(value);
}

/** Bytes that were not UTF-8 have become longer in the reading. No character takes more than three bytes a unit of `length`. */
function isShortString(value: unknown): value is string {
  if (typeof value !== 'string') return false;
  return value.length * 3 <= MAX_SHORT_STRING_BYTES || Buffer.byteLength(value) <= MAX_SHORT_STRING_BYTES;
}
