import type { ConsumeMessage } from 'amqplib';
import type { Delivery } from '../broker.port';

/**
 * Converts a delivery to the form that golevelup passes to handlers. Fields that the port does not have are undefined,
 * and the delivery tag is 0.
 */
export function consumeMessageOf(delivery: Delivery, consumerTag: string): ConsumeMessage {
  const { body, headers, exchange, routingKey, redelivered, contentType, messageId, correlationId, replyTo, userId } =
    delivery;
  return {
    content: body,
    fields: { consumerTag, deliveryTag: 0, redelivered, exchange, routingKey },
    properties: {
      headers,
      contentType,
      messageId,
      correlationId,
      replyTo,
      userId,
      contentEncoding: undefined,
      deliveryMode: undefined,
      priority: undefined,
      expiration: undefined,
      timestamp: undefined,
      type: undefined,
      appId: undefined,
      clusterId: undefined,
    },
  };
}
