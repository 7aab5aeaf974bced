import { randomUUID } from 'node:crypto';
import type { Lifecycle } from '@dbem/db-event';
import { Log, PeriodicTask } from '@dbem/runtime';
import { Broker, type Consumption, type Delivery, MAP_EXCHANGE, mapQueueOf } from '@dbem/transport';
import { Injectable } from '@nestjs/common';
import { decodeRolloutMessage, encodeRolloutMessage, type RolloutMessage } from './rollout-message';

export interface RolloutChannelEvents {
  onMessage(message: RolloutMessage): void;
  /** The queue is gone, and messages may have been missed. Also called at the start. */
  onLost(): void;
  /** From now on no message is missed. */
  onRestored(): void;
}

const CHECK_INTERVAL_MS = 500;

/** How long the queue exists without a consumer, so that a manager can reconnect, ms. */
const QUEUE_EXPIRY_MS = 600_000;

/**
 * The channel between event managers: each manager receives every message once and in order, including those published
 * while it had no connection, because each has a queue of its own that is bound to a fanout exchange.
 *
 *   lost (no queue) -declared and bound-> restored -(the queue is missing)-> lost …; any -stop-> stopped
 */
@Injectable()
export class RolloutChannel implements Lifecycle {
  readonly queue = mapQueueOf(randomUUID());
  private isEstablished = false;
  private consumption: Consumption | undefined;
  private readonly checking = new PeriodicTask(() => this.declare(), {
    intervalMs: CHECK_INTERVAL_MS,
    backoff: { initialMs: 100, maxMs: CHECK_INTERVAL_MS },
    onError: (error) => this.log.debug({ err: error }, 'could not declare the rollout queue'),
  });

  private events: RolloutChannelEvents | undefined;

  constructor(
    private readonly broker: Broker,
    private readonly log: Log,
  ) {}

  /** Call it before `start`. */
  listen(events: RolloutChannelEvents): void {
    this.events = events;
  }

  async start(): Promise<void> {
    if (this.checking.isStopped) return;
    this.consumption ??= this.broker.consume(this.queue, async (deliveries) => {
      for (const delivery of deliveries) this.receive(delivery);
    });
    await this.checking.start();
  }

  async stop(): Promise<void> {
    await this.checking.stop();
    await this.consumption?.stop();
    await this.broker.topology.deleteQueue(this.queue).catch((error: unknown) => {
      this.log.debug({ err: error, queue: this.queue }, 'could not delete the queue: it expires by itself');
    });
  }

  /** Resolves when the message is in the queue of every manager. Rejects with the broker's error. */
  async publish(message: RolloutMessage): Promise<void> {
    await this.broker.publish({ exchange: MAP_EXCHANGE, routingKey: '', body: encodeRolloutMessage(message) });
  }

  /** Sends to one manager's queue; the message is dropped if the queue is gone. */
  async send(queue: string, message: RolloutMessage): Promise<void> {
    await this.broker.publish({
      exchange: '',
      routingKey: queue,
      body: encodeRolloutMessage(message),
      mandatory: false,
    });
  }

  private receive({ body }: Delivery): void {
    let message: RolloutMessage;
    try {
      message = decodeRolloutMessage(body);
    } catch (error) {
      this.log.warn({ err: error }, 'dropped an invalid rollout message');
      return;
    }
    this.events?.onMessage(message);
  }

  private async declare(): Promise<void> {
    const { topology } = this.broker;
    if (this.isEstablished && this.consumption?.isRegistered) return;
    if (this.isEstablished && (await topology.inspectQueue(this.queue)) !== undefined) return;
    if (this.isEstablished) this.log.warn({ queue: this.queue }, 'the rollout queue is gone; declaring it again');
    this.isEstablished = false;
    this.events?.onLost();
    await topology.declareExchange({ name: MAP_EXCHANGE, type: 'fanout' });
    await topology.declareQueue({
      name: this.queue,
      kind: 'classic',
      expiresMs: QUEUE_EXPIRY_MS,
      bindings: [{ exchange: MAP_EXCHANGE, routingKey: '' }],
    });
    this.isEstablished = true;
    this.events?.onRestored();
  }
}
