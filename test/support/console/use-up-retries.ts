import { connect } from 'amqplib';
import { waitFor } from '..';

/** With all its retries behind it, a failure parks an event at once. */
const ALL_RETRIES = 4;

/** Lets the event in a service's queue that holds this text begin with its last retry, while the service is not running. */
export async function useUpRetries(amqpUrl: string, service: string, text: string): Promise<void> {
  const queue = `${service}.queue`;
  const connection = await connect(amqpUrl);
  try {
    const channel = await connection.createConfirmChannel();
    const message = await waitFor(async () => {
      const next = await channel.get(queue);
      return next !== false && next.content.includes(text) && next;
    });
    const { properties, content } = message;
    const headers = { ...properties.headers, 'x-dbem-attempts': ALL_RETRIES };
    channel.sendToQueue(queue, content, { ...properties, headers, persistent: true });
    await channel.waitForConfirms();
    channel.ack(message);
    // Closing gives the others back.
    await channel.close();
  } finally {
    await connection.close();
  }
}
