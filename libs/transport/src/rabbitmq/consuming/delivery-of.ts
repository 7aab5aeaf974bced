import type { ConsumeMessage } from 'amqplib';
import type { Delivery } from '../../broker.port';
import { isShortString, NO_HEADERS, republishableHeaders } from '../../republishable';
import { publishedAtMsOf } from '../publishing/publish-mark';

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
