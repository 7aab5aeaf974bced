import type { ConsumeMessage, ConsumeMessageFields, MessageProperties } from 'amqplib';

export interface ConsumeMessageParts {
  readonly content?: Buffer;
  readonly fields?: Partial<ConsumeMessageFields>;
  readonly properties?: Partial<MessageProperties>;
}

/** A message as amqplib delivers it to a consumer of queue `q`, with empty headers and no other properties. */
export function consumeMessage({ content = Buffer.alloc(1), fields, properties }: ConsumeMessageParts): ConsumeMessage {
  return {
    content,
    fields: { consumerTag: 'c', deliveryTag: 1, redelivered: false, exchange: '', routingKey: 'q', ...fields },
    properties: {
      contentType: undefined,
      contentEncoding: undefined,
      headers: {},
      deliveryMode: undefined,
      priority: undefined,
      correlationId: undefined,
      replyTo: undefined,
      expiration: undefined,
      messageId: undefined,
      timestamp: undefined,
      type: undefined,
      userId: undefined,
      appId: undefined,
      clusterId: undefined,
      ...properties,
    },
  };
}
