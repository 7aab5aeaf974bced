import { randomUUID } from 'node:crypto';
import { DbEventError } from '@dbem/db-event';
import type { Log } from '@dbem/runtime';
import type { ConsumeMessage } from 'amqplib';
import type { Delivery, OutgoingMessage } from '../broker.port';
import { brokerUnavailable } from './broker-unavailable';
import { ConfirmedPublisher } from './confirmed-publisher';
import type { SupervisedConnection } from './supervised-connection';

const DIRECT_REPLY_TO = 'amq.rabbitmq.reply-to';

interface Waiting {
  resolve(reply: Delivery): void;
  reject(error: DbEventError): void;
}

/**
 * Asks and waits for answers, over RabbitMQ's direct reply-to: requests go out on the channel that hears the replies. When that
 * channel is lost, no answer to what was asked on it can come any more, so who waits is told at once.
 */
export class Requester {
  private readonly publisher: ConfirmedPublisher;
  private readonly waiting = new Map<string, Waiting>();

  constructor(connection: SupervisedConnection, log: Log) {
    this.publisher = new ConfirmedPublisher(connection, log, {
      setUp: async (channel) => {
        await channel.consume(DIRECT_REPLY_TO, (message) => this.take(message), { noAck: true });
      },
      onLost: (reason) => {
        for (const { reject } of this.waiting.values()) reject(brokerUnavailable(`no answer can come: ${reason}`));
      },
    });
  }

  /** See `Broker.request`. */
  async request(message: OutgoingMessage, timeoutMs: number): Promise<Delivery> {
    const correlationId = randomUUID();
    let timer: NodeJS.Timeout | undefined;
    const reply = new Promise<Delivery>((resolve, reject) => {
      this.waiting.set(correlationId, { resolve, reject });
      timer = setTimeout(() => {
        reject(new DbEventError('REQUEST_TIMEOUT', `No answer within ${timeoutMs} ms`, { retryable: true }));
      }, timeoutMs);
    });
    // The publish may fail first; then nobody awaits the reply.
    reply.catch(() => {});
    try {
      await this.publisher.publish({ ...message, replyTo: DIRECT_REPLY_TO, correlationId });
      return await reply;
    } finally {
      clearTimeout(timer);
      this.waiting.delete(correlationId);
    }
  }

  stop(): Promise<void> {
    return this.publisher.stop();
  }

  private take(message: ConsumeMessage | null): void {
    if (message === null) return;
    const { content, fields, properties } = message;
    this.waiting.get(properties.correlationId)?.resolve({
      body: content,
      headers: properties.headers ?? {},
      exchange: fields.exchange,
      routingKey: fields.routingKey,
      redelivered: fields.redelivered,
    });
  }
}
