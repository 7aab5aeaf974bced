import { decodeReply, type Reply } from '@dbem/entity-codec';
import type { ChannelModel, Options } from 'amqplib';

/** As every service knows them, ours or one written for the Java original. */
export const EVENT_EXCHANGE = 'db.event.exchange';
export const MANAGER_ROUTING_KEY = 'db.event';

const REPLIES = 'amq.rabbitmq.reply-to';

/** Publishes an event or a subscription request on a channel of its own. Resolves with the event manager's reply. */
export async function askManager(
  connection: ChannelModel,
  body: Buffer,
  options: Options.Publish = {},
): Promise<Reply> {
  const channel = await connection.createChannel();
  const reply = await new Promise<Buffer>((resolve, reject) => {
    channel.once('error', reject);
    // In the order of the channel: the queue of replies is there before the message is.
    channel.consume(REPLIES, (message) => message && resolve(message.content), { noAck: true }).catch(reject);
    const properties = { replyTo: REPLIES, correlationId: 'c', ...options };
    channel.publish(EVENT_EXCHANGE, MANAGER_ROUTING_KEY, body, properties);
  });
  await channel.close();
  return decodeReply(reply);
}
