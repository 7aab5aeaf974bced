import { serviceQueueOf } from '@dbem/transport';
import { connect } from 'amqplib';
import { waitFor } from '../waiting/wait-for';
import { LAST_ATTEMPT } from './last-attempt';

/**
 * Takes the event that holds this text out of a stopped service's queue and puts it back as one that has been through all retry
 * levels: the service parks it at its first failure, where it would otherwise take minutes.
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
    const { properties, content } = message;
    const headers = { ...properties.headers, ...LAST_ATTEMPT };
    channel.sendToQueue(queue, content, { ...properties, headers, persistent: true });
    await channel.waitForConfirms();
    channel.ack(message);
    // Closing gives the others back.
    await channel.close();
  } finally {
    await connection.close();
  }
}
