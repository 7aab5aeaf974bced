import { decodeReply, type Reply } from '@dbem/entity-codec';
import type { ChannelModel, Options } from 'amqplib';

/** The names that every service uses, legacy services included. */
export const EVENT_EXCHANGE = 'db.event.exchange';
export const MANAGER_ROUTING_KEY = 'db.event';

const REPLIES = 'amq.rabbitmq.reply-to';

/** Publishes an event or a subscription request on its own channel; resolves with the event manager's reply. */
export async function askManager(
  connection: ChannelModel,
  body: Buffer,
  options: Options.Publish = {},
): Promise<Reply> {
  const channel = await connection.createChannel();
  const reply = await new Promise<Buffer>((resolve, reject) => {
    channel.once('error', reject);
    // The channel keeps the order: the reply consumer is registered before the message is published.
    channel.consume(REPLIES, (message) => message && resolve(message.content), { noAck: true }).catch(reject);
    const properties = { replyTo: REPLIES, correlationId: 'c', ...options };
    channel.publish(EVENT_EXCHANGE, MANAGER_ROUTING_KEY, body, properties);
  });
  await channel.close();
  return decodeReply(reply);
}
