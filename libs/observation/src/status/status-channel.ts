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
import { SpeakerCheck } from './speaker-check.port';

export type ReceivedStatus = Pick<Delivery, 'body' | 'exchange' | 'userId'>;

export interface StatusListener {
  onService?(status: ServiceStatus): void;
  onManager?(message: ManagerMessage): void;
}

/**
 * The line on which services and event managers tell how they are. Nothing on it is kept, waited for or made up for: whoever needs a
 * promise must not use it. Services can speak at one exchange only; what comes any other way is a manager's.
 *
 * The application consumes `queue`, hands over what comes there, and calls `stop` once it consumes no more.
 */
@Injectable()
export class StatusChannel {
  readonly queue = statusQueueOf(randomUUID());
  private readonly listeners: StatusListener[] = [];
  private passedOver = 0;

  constructor(
    private readonly broker: Broker,
    private readonly speakers: SpeakerCheck,
    private readonly log: Log,
  ) {}

  /** Before the first `receive`. */
  listen(listener: StatusListener): void {
    this.listeners.push(listener);
  }

  /** Deletes the queue. May come twice. */
  async stop(): Promise<void> {
    await this.broker.topology.deleteQueue(this.queue).catch((error: unknown) => {
      this.log.debug({ err: error, queue: this.queue }, 'could not delete the queue: it expires by itself');
    });
  }

  /** Messages that could not be read, or whose sender was not who it said. */
  get passedOverCount(): number {
    return this.passedOver;
  }

  /** To every manager, this one too. Rejects as the broker does. */
  async publish(message: ManagerMessage): Promise<void> {
    await this.broker.publishTransient({
      exchange: MANAGERS_EXCHANGE,
      routingKey: '',
      body: encodeManagerMessage(message),
    });
  }

  /** To one manager's queue; nothing happens if it has gone. */
  async tell(queue: string, message: ManagerMessage): Promise<void> {
    await this.broker.publishTransient({ exchange: '', routingKey: queue, body: encodeManagerMessage(message) });
  }

  /** A message that came to `queue`. What can't be read, or is not its sender's to say, is passed over. */
  receive(delivery: ReceivedStatus): void {
    try {
      if (delivery.exchange === STATUS_EXCHANGE) this.receiveServiceStatus(delivery);
      else this.receiveManagerStatus(delivery);
    } catch (error) {
      if (!(error instanceof DbEventError)) throw error;
      this.passedOver += 1;
      this.log.debug({ err: error, userId: delivery.userId }, 'passed over a status');
    }
  }

  private receiveServiceStatus(delivery: ReceivedStatus): void {
    const status = decodeServiceStatus(delivery.body);
    this.speakers.checkSpeaker(status.service, delivery.userId);
    for (const listener of this.listeners) listener.onService?.(status);
  }

  private receiveManagerStatus({ body }: ReceivedStatus): void {
    const message = decodeManagerMessage(body);
    for (const listener of this.listeners) listener.onManager?.(message);
  }
}
