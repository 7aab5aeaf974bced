import { randomUUID } from 'node:crypto';
import { DbEventError } from '@dbem/db-event';
import type { Log } from '@dbem/runtime';
import type { ConsumeMessage } from 'amqplib';
import type { Delivery, OutgoingMessage } from '../broker.port';
import { brokerUnavailable } from './broker-unavailable';
import { ConfirmedPublisher } from './publishing/confirmed-publisher';
import type { SupervisedConnection } from './supervised-connection';

const DIRECT_REPLY_TO = 'amq.rabbitmq.reply-to';

interface PendingRequest {
  resolve(reply: Delivery): void;
  reject(error: DbEventError): void;
}

/**
 * Requests and replies over RabbitMQ's direct reply-to, where a request is published on the channel that receives its
 * reply. When that channel is lost, no reply can arrive any more, so all pending requests are rejected at once.
 */
export class Requester {
  private readonly publisher: ConfirmedPublisher;
  private readonly pending = new Map<string, PendingRequest>();

  constructor(connection: SupervisedConnection, log: Log) {
    this.publisher = new ConfirmedPublisher(connection, log, {
      setUp: async (channel) => {
        await channel.consume(DIRECT_REPLY_TO, (message) => this.receive(message), { noAck: true });
      },
      onLost: (reason) => {
        for (const { reject } of this.pending.values())
          reject(brokerUnavailable(`the reply channel was lost: ${reason}`));
      },
    });
  }

  /** The channel is open, and replies can arrive. */
  get isReady(): boolean {
    return this.publisher.isReady;
  }

  /** See `Broker.request`. */
  async request(message: OutgoingMessage, timeoutMs: number): Promise<Delivery> {
    const correlationId = randomUUID();
    let timer: NodeJS.Timeout | undefined;
    const reply = new Promise<Delivery>((resolve, reject) => {
      this.pending.set(correlationId, { resolve, reject });
      timer = setTimeout(() => {
        reject(new DbEventError('REQUEST_TIMEOUT', `No reply within ${timeoutMs} ms`, { retryable: true }));
      }, timeoutMs);
    });
    // If the publish fails first, nothing awaits the reply.
    reply.catch(() => {});
    try {
      await this.publish({ ...message, replyTo: DIRECT_REPLY_TO, correlationId });
      return await reply;
    } finally {
      clearTimeout(timer);
      this.pending.delete(correlationId);
    }
  }

  stop(): Promise<void> {
    return this.publisher.stop();
  }

  private publish(message: OutgoingMessage): Promise<void> {
    return new Promise((resolve, reject) => {
      this.publisher.send(message, (error) => (error === undefined ? resolve() : reject(error)));
    });
  }

  private receive(message: ConsumeMessage | null): void {
    if (message === null) return;
    const { content, fields, properties } = message;
    this.pending.get(properties.correlationId)?.resolve({
      body: content,
      headers: properties.headers ?? {},
      exchange: fields.exchange,
      routingKey: fields.routingKey,
      redelivered: fields.redelivered,
    });
  }
}
