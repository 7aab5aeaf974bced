import { decodeReply, type Reply } from '@dbem/entity-codec';
import { intakeMessage } from '@dbem/transport';
import type { ChannelModel, Options } from 'amqplib';

/** The names that every service uses, legacy services included. */
const EVENT_EXCHANGE = 'db.event.exchange';
const MANAGER_ROUTING_KEY = 'db.event';

const REPLIES = 'amq.rabbitmq.reply-to';

/** A message for the event managers, of a legacy service or of one of ours. */
export interface ManagerMessage {
  readonly exchange: string;
  readonly routingKey: string;
  readonly body: Buffer;
  readonly options: Options.Publish;
}

/** An event or a subscription request as a single message, as legacy services send it. */
export function legacyMessage(body: Buffer, options: Options.Publish = {}): ManagerMessage {
  return { exchange: EVENT_EXCHANGE, routingKey: MANAGER_ROUTING_KEY, body, options };
}

/** The same as a batch of one, as our services send it. */
export function ownMessage(content: Buffer, options: Options.Publish = {}): ManagerMessage {
  const { exchange, routingKey, body, contentType } = intakeMessage({ body: content });
  return { exchange, routingKey, body, options: { ...options, contentType } };
}

/** Publishes a message on its own channel; resolves with the event manager's reply. */
export async function askManager(connection: ChannelModel, message: ManagerMessage): Promise<Reply> {
  const channel = await connection.createChannel();
  const reply = await new Promise<Buffer>((resolve, reject) => {
    channel.once('error', reject);
    // The channel keeps the order: the reply consumer is registered before the message is published.
    channel.consume(REPLIES, (message) => message && resolve(message.content), { noAck: true }).catch(reject);
    const { exchange, routingKey, body, options } = message;
    channel.publish(exchange, routingKey, body, { replyTo: REPLIES, correlationId: 'c', ...options });
  });
  await channel.close();
  return decodeReply(reply);
}
