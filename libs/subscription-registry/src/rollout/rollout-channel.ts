import { randomUUID } from 'node:crypto';
import type { Lifecycle } from '@dbem/db-event';
import { Log, PeriodicTask } from '@dbem/runtime';
import { Broker, type Consumption, type Delivery, MAP_EXCHANGE, mapQueueOf } from '@dbem/transport';
import { Injectable } from '@nestjs/common';
import { decodeRolloutMessage, encodeRolloutMessage, type RolloutMessage } from './rollout-message';

export interface RolloutChannelEvents {
  onMessage(message: RolloutMessage): void;
  /** The queue is gone, and with it what others told meanwhile. Comes at the start as well. */
  onLost(): void;
  /** From here on nothing is missed. */
  onRestored(): void;
}

const CHECK_INTERVAL_MS = 500;

/** How long the queue outlives its manager, or waits for it to come back, ms. */
const QUEUE_EXPIRY_MS = 600_000;

/**
 * The line between event managers: what one tells all, each hears once, in order, also what was told while it had no
 * connection; for each has a queue of its own at a fan-out exchange.
 *
 *   gap (no queue) -declared and bound-> whole -(the queue is found missing)-> gap …; any -stop-> stopped
 */
@Injectable()
export class RolloutChannel implements Lifecycle {
  readonly queue = mapQueueOf(randomUUID());
  private isEstablished = false;
  private consumption: Consumption | undefined;
  private readonly keeping = new PeriodicTask(() => this.declare(), {
    intervalMs: CHECK_INTERVAL_MS,
    backoff: { initialMs: 100, maxMs: CHECK_INTERVAL_MS },
    onError: (error) => this.log.debug({ err: error }, 'could not declare the queue of the map’s changes yet'),
  });

  private events: RolloutChannelEvents | undefined;

  constructor(
    private readonly broker: Broker,
    private readonly log: Log,
  ) {}

  /** Before `start`. */
  listen(events: RolloutChannelEvents): void {
    this.events = events;
  }

  async start(): Promise<void> {
    if (this.keeping.isStopped) return;
    this.consumption ??= this.broker.consume(this.queue, async (deliveries) => {
      for (const delivery of deliveries) this.receive(delivery);
    });
    await this.keeping.start();
  }

  async stop(): Promise<void> {
    await this.keeping.stop();
    await this.consumption?.stop();
    await this.broker.topology.deleteQueue(this.queue).catch((error: unknown) => {
      this.log.debug({ err: error, queue: this.queue }, 'could not delete the queue: it expires by itself');
    });
  }

  /** Resolves when it waits in the queue of every manager. Rejects as the broker does. */
  async publish(message: RolloutMessage): Promise<void> {
    await this.broker.publish({ exchange: MAP_EXCHANGE, routingKey: '', body: encodeRolloutMessage(message) });
  }

  /** To one manager's queue; nothing happens if it has gone. */
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
      this.log.warn({ err: error }, 'passed over a message that no event manager sends');
      return;
    }
    this.events?.onMessage(message);
  }

  private async declare(): Promise<void> {
    const { topology } = this.broker;
    if (this.isEstablished && this.consumption?.isRegistered) return;
    if (this.isEstablished && (await topology.inspectQueue(this.queue)) !== undefined) return;
    if (this.isEstablished) this.log.warn({ queue: this.queue }, 'the queue of the map’s changes is gone');
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
