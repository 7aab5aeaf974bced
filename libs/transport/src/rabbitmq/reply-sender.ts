import type { Log } from '@dbem/runtime';
import type { Channel } from 'amqplib';
import Denque from 'denque';
import type { OutgoingMessage } from '../broker.port';
import { SupervisedChannel } from './supervised-channel';
import type { SupervisedConnection } from './supervised-connection';

/** Beyond this many bytes that wait for the connection, replies are dropped. */
const MAX_WAITING_BYTES = 32 * 1024 * 1024;

/**
 * Sends replies over a connection that carries nothing else: RabbitMQ closes the connection on which a reply to a
 * forged or unreachable direct reply-to address is published. Replies that were not sent yet wait for the next
 * connection; none is sent twice.
 */
export class ReplySender {
  private readonly channel: SupervisedChannel<Channel>;
  private readonly waiting = new Denque<OutgoingMessage>();
  private waitingBytes = 0;
  private isFull = false;

  constructor(
    private readonly connection: SupervisedConnection,
    private readonly log: Log,
  ) {
    this.channel = new SupervisedChannel(
      connection,
      {
        open: (model) => model.createChannel(),
        setUp: async (channel) => {
          channel.on('drain', () => {
            this.isFull = false;
            this.flush();
          });
          this.isFull = false;
          setImmediate(() => this.flush());
        },
        onLost: (_channel, reason) => log.debug({ reason }, 'the channel for replies was lost'),
      },
      log,
    );
  }

  /** See `Broker.reply`. */
  send(message: OutgoingMessage): void {
    if (this.waiting.length > 0 && this.waitingBytes + message.body.length > MAX_WAITING_BYTES) {
      this.log.warn({ waiting: this.waiting.length }, 'dropped a reply: too many wait for the broker');
      return;
    }
    this.waiting.push(message);
    this.waitingBytes += message.body.length;
    this.flush();
  }

  stop(): Promise<void> {
    return this.channel.stop();
  }

  private flush(): void {
    for (;;) {
      const channel = this.channel.ready;
      const message = this.waiting.peekFront();
      if (channel === undefined || message === undefined || this.isFull) return;
      this.waiting.shift();
      this.waitingBytes -= message.body.length;
      this.publish(channel, message);
    }
  }

  private publish(channel: Channel, { exchange, routingKey, body, contentType, correlationId }: OutgoingMessage): void {
    const options = { userId: this.connection.user, contentType, correlationId };
    try {
      this.isFull = !channel.publish(exchange, routingKey, body, options);
    } catch (error) {
      this.log.debug({ err: error }, 'could not send a reply');
    }
  }
}
