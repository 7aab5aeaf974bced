import type { Channel, ChannelModel } from 'amqplib';

/**
 * Closes a channel or a connection. Resolves when it is closed, by whichever side: if the connection is lost before the
 * broker confirms the close, amqplib’s own promise stays pending.
 */
export function close(open: Channel | ChannelModel): Promise<void> {
  return new Promise((resolve) => {
    open.once('close', () => resolve());
    // Rejects if it is closed already.
    open.close().then(resolve, () => resolve());
  });
}
