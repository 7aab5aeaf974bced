import { decodeBatch, serviceQueueOf } from '@dbem/transport';
import { connect } from 'amqplib';
import { waitFor } from '../waiting/wait-for';
import { LAST_ATTEMPT } from './last-attempt';

/**
 * Replaces the event that contains this text in a stopped service's queue by one that has been through all retry
 * levels: the service parks it at its first failure instead of minutes later.
 */
export async function beginWithLastAttempt(amqpUrl: string, service: string, text: string): Promise<void> {
  const queue = serviceQueueOf(service);
  const connection = await connect(amqpUrl);
  try {
    const channel = await connection.createConfirmChannel();
    const message = await waitFor(async () => {
      const next = await channel.get(queue);
      return next !== false && next.content.includes(text) && next;
    });
    for (const { body, messageId, headers } of decodeBatch(message.content).elements) {
      channel.sendToQueue(queue, body, { messageId, headers: { ...headers, ...LAST_ATTEMPT }, persistent: true });
    }
    await channel.waitForConfirms();
    channel.ack(message);
    // Closing the channel requeues the other messages.
    await channel.close();
  } finally {
    await connection.close();
  }
}
