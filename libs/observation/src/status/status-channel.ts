import { randomUUID } from 'node:crypto';
import { DbEventError } from '@dbem/db-event';
import { Log } from '@dbem/runtime';
import {
  Broker,
  type Delivery,
  decodeServiceStatus,
  MANAGERS_EXCHANGE,
  type ServiceStatus,
  STATUS_EXCHANGE,
  statusQueueOf,
} from '@dbem/transport';
import { Injectable } from '@nestjs/common';
import { decodeManagerMessage, encodeManagerMessage, type ManagerMessage } from './manager-message';
import { SenderCheck } from './sender-check.port';

export type ReceivedStatus = Pick<Delivery, 'body' | 'exchange' | 'userId'>;

export interface StatusListener {
  onService?(status: ServiceStatus): void;
  onManager?(message: ManagerMessage): void;
}

/**
 * The channel on which services and event managers publish their status. Delivery is not guaranteed: messages are
 * neither persistent, nor confirmed, nor resent. Services can publish to one exchange only; all other messages come
 * from managers.
 *
 * The application consumes `queue`, passes its messages to `receive`, and calls `stop` once it has stopped consuming.
 */
@Injectable()
export class StatusChannel {
  readonly queue = statusQueueOf(randomUUID());
  private readonly listeners: StatusListener[] = [];
  private dropped = 0;

  constructor(
    private readonly broker: Broker,
    private readonly speakers: SenderCheck,
    private readonly log: Log,
  ) {}

  /** Call it before the first `receive`. */
  listen(listener: StatusListener): void {
    this.listeners.push(listener);
  }

  /** Deletes the queue. May be called twice. */
  async stop(): Promise<void> {
    await this.broker.topology.deleteQueue(this.queue).catch((error: unknown) => {
      this.log.debug({ err: error, queue: this.queue }, 'could not delete the queue: it expires by itself');
    });
  }

  /** Messages dropped because they were malformed or forged. */
  get droppedCount(): number {
    return this.dropped;
  }

  /** Publishes to every manager, including this one. Rejects with the broker's error. */
  async publish(message: ManagerMessage): Promise<void> {
    await this.broker.publishTransient({
      exchange: MANAGERS_EXCHANGE,
      routingKey: '',
      body: encodeManagerMessage(message),
    });
  }

  /** Sends to one manager's queue; the message is dropped if the queue is gone. */
  async sendTo(queue: string, message: ManagerMessage): Promise<void> {
    await this.broker.publishTransient({ exchange: '', routingKey: queue, body: encodeManagerMessage(message) });
  }

  /** Handles a message from `queue`. Malformed and forged messages are dropped and counted. */
  receive(delivery: ReceivedStatus): void {
    try {
      if (delivery.exchange === STATUS_EXCHANGE) this.receiveServiceStatus(delivery);
      else this.receiveManagerStatus(delivery);
    } catch (error) {
      if (!(error instanceof DbEventError)) throw error;
      this.dropped += 1;
      this.log.debug({ err: error, userId: delivery.userId }, 'dropped a status report');
    }
  }

  private receiveServiceStatus(delivery: ReceivedStatus): void {
    const status = decodeServiceStatus(delivery.body);
    this.speakers.checkSender(status.service, delivery.userId);
    for (const listener of this.listeners) listener.onService?.(status);
  }

  private receiveManagerStatus({ body }: ReceivedStatus): void {
    const message = decodeManagerMessage(body);
    for (const listener of this.listeners) listener.onManager?.(message);
  }
}
