import { randomUUID } from 'node:crypto';
import { DbEventError, type Lifecycle } from '@dbem/db-event';
import { Log } from '@dbem/runtime';
import {
  Broker,
  type Delivery,
  decodeServiceStatus,
  KeptConsumption,
  MANAGERS_EXCHANGE,
  type ServiceStatus,
  STATUS_EXCHANGE,
  statusQueueOf,
} from '@dbem/transport';
import { Injectable } from '@nestjs/common';
import { decodeManagerMessage, encodeManagerMessage, type ManagerMessage } from './manager-message';
import { SpeakerCheck } from './speaker-check.port';

/** What has waited so long is not worth hearing any more. */
const MESSAGE_TTL_MS = 10_000;
/** How long the queue outlives its manager. */
const QUEUE_EXPIRY_MS = 60_000;

export interface StatusListener {
  onService?(status: ServiceStatus): void;
  onManager?(message: ManagerMessage): void;
}

/**
 * The line on which services and event managers tell how they are. Nothing on it is kept, waited for or made up for: whoever needs a
 * promise must not use it. Services can speak at one exchange only; what comes any other way is a manager's.
 */
@Injectable()
export class StatusLine implements Lifecycle {
  readonly queue = statusQueueOf(randomUUID());
  private readonly listeners: StatusListener[] = [];
  private readonly consumption: KeptConsumption;
  private passedOver = 0;

  constructor(
    private readonly broker: Broker,
    private readonly speakers: SpeakerCheck,
    private readonly log: Log,
  ) {
    this.consumption = new KeptConsumption(
      broker,
      {
        name: this.queue,
        kind: 'classic',
        messageTtlMs: MESSAGE_TTL_MS,
        expiresMs: QUEUE_EXPIRY_MS,
        bindings: [STATUS_EXCHANGE, MANAGERS_EXCHANGE].map((exchange) => ({ exchange, routingKey: '' })),
      },
      async (deliveries) => {
        for (const delivery of deliveries) this.hear(delivery);
      },
      {},
      log,
    );
  }

  /** Before `start`. */
  listen(listener: StatusListener): void {
    this.listeners.push(listener);
  }

  async start(): Promise<void> {
    await this.consumption.start();
  }

  async stop(): Promise<void> {
    await this.consumption.stop();
    await this.broker.topology.deleteQueue(this.queue).catch((error: unknown) => {
      this.log.debug({ err: error, queue: this.queue }, 'could not delete the queue: it expires by itself');
    });
  }

  /** Messages that could not be read, or whose sender was not who it said. */
  get passedOverCount(): number {
    return this.passedOver;
  }

  /** To every manager, this one too. Rejects as the broker does. */
  async tellAll(message: ManagerMessage): Promise<void> {
    await this.broker.announce({ exchange: MANAGERS_EXCHANGE, routingKey: '', body: encodeManagerMessage(message) });
  }

  /** To one manager's queue; nothing happens if it has gone. */
  async tell(queue: string, message: ManagerMessage): Promise<void> {
    await this.broker.announce({ exchange: '', routingKey: queue, body: encodeManagerMessage(message) });
  }

  private hear(delivery: Delivery): void {
    try {
      if (delivery.exchange === STATUS_EXCHANGE) this.hearService(delivery);
      else this.hearManager(delivery);
    } catch (error) {
      if (!(error instanceof DbEventError)) throw error;
      this.passedOver += 1;
      this.log.debug({ err: error, userId: delivery.userId }, 'passed over a status');
    }
  }

  private hearService(delivery: Delivery): void {
    const status = decodeServiceStatus(delivery.body);
    this.speakers.checkSpeaker(status.service, delivery.userId);
    for (const listener of this.listeners) listener.onService?.(status);
  }

  private hearManager({ body }: Delivery): void {
    const message = decodeManagerMessage(body);
    for (const listener of this.listeners) listener.onManager?.(message);
  }
}
