import type { Delivery } from '../broker.port';
import { PARKING_HEADERS } from '../parking/parking-headers';
import { isShortString, NO_HEADERS, republishableHeaders } from '../republishable';
import { BATCH_CONTENT_TYPE } from './batch-format';
import { decodeBatch, type Element, type UnreadablePart } from './decode-batch';

/**
 * The events of a message: the elements of a batch, or the message itself if it is a single one. The broker vouches for
 * the message's user, and the message's user header is the managers' own, so no element can set either, nor where a
 * reply goes.
 */
export function deliveriesIn(message: Delivery): readonly Delivery[] {
  if (message.contentType !== BATCH_CONTENT_TYPE) return [message];
  const { elements, unreadable } = decodeBatch(message.body);
  const userHeader = message.headers[PARKING_HEADERS.userId];
  const isAlone = elements.length + unreadable.length === 1;
  return [
    ...elements.map((element) => elementDelivery(message, element, userHeader, isAlone)),
    ...unreadable.map((part) => unreadableDelivery(message, part, userHeader)),
  ];
}

function elementDelivery(message: Delivery, element: Element, userHeader: unknown, isAlone: boolean): Delivery {
  const { body, encoded, contentType, messageId, waiting } = element;
  return {
    body,
    encoded,
    headers: headersOf(element.headers, userHeader),
    exchange: message.exchange,
    routingKey: message.routingKey,
    redelivered: message.redelivered,
    contentType: isShortString(contentType) ? contentType : undefined,
    messageId: isShortString(messageId) ? messageId : undefined,
    // Only from the message: published again with a forged `replyTo`, RabbitMQ would close the connection.
    correlationId: isAlone ? message.correlationId : undefined,
    replyTo: isAlone ? message.replyTo : undefined,
    userId: message.userId,
    publishedAtMs: message.publishedAtMs,
    waiting,
  };
}

function unreadableDelivery(message: Delivery, { bytes, error }: UnreadablePart, userHeader: unknown): Delivery {
  const { exchange, routingKey, redelivered, userId, publishedAtMs } = message;
  const headers = headersOf(NO_HEADERS, userHeader);
  return { body: bytes, fault: error, headers, exchange, routingKey, redelivered, userId, publishedAtMs };
}

function headersOf(own: Delivery['headers'], userHeader: unknown): Delivery['headers'] {
  if (own === NO_HEADERS && userHeader === undefined) return NO_HEADERS;
  const { [PARKING_HEADERS.userId]: _forged, ...headers } = republishableHeaders(own);
  return userHeader === undefined ? headers : { ...headers, [PARKING_HEADERS.userId]: userHeader };
}
