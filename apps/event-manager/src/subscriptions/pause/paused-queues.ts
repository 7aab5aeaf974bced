import { isRouted, type Lifecycle, type Subscription, type SubscriptionDelivery } from '@dbem/db-event';
import { Log, PeriodicTask } from '@dbem/runtime';
import { SubscriptionMapEditor } from '@dbem/subscription-registry';
import { type BatchHandler, Broker, type Consumption, pausedQueueOf, serviceQueueOf } from '@dbem/transport';
import { Injectable, Optional } from '@nestjs/common';

/** With so few left to move, new events may go straight to the service again. */
const FEW = 100;

export interface PausedQueuesOptions {
  readonly checkIntervalMs?: number;
  /**
   * How long nothing must have come through a queue that looks empty before it counts as empty: longer than the broker
   * takes to notice that a manager is dead and to give back what it held, ms. Default: 60,000.
   */
  readonly quietMs?: number;
}

interface Moving {
  readonly consumption: Consumption;
  lastSeenAtMs: number;
}

/**
 * Moves on what waited for subscriptions that are being resumed, from the subscription's own queue to the service's, and takes
 * the subscription through its states (see `SubscriptionDelivery`). Every manager does so for every one of them, and the
 * broker lets one at a time have the deliveries of a queue: so their order is kept, and when a manager dies another goes on.
 * An event is acknowledged when it is safe in the service's queue; a crash in between moves it twice, which the version gate
 * takes care of.
 */
@Injectable()
export class PausedQueues implements Lifecycle {
  private readonly moving = new Map<string, Moving>();
  private readonly checking: PeriodicTask;

  constructor(
    private readonly broker: Broker,
    private readonly map: SubscriptionMapEditor,
    private readonly log: Log,
    @Optional() private readonly options: PausedQueuesOptions = {},
  ) {
    const { checkIntervalMs = 1_000 } = options;
    this.checking = new PeriodicTask((stopping) => this.check(stopping), {
      intervalMs: checkIntervalMs,
      onError: (error) => log.debug({ err: error }, 'could not look after paused subscriptions yet'),
    });
  }

  start(): Promise<void> {
    return this.checking.start();
  }

  async stop(): Promise<void> {
    await this.checking.stop();
    await Promise.all([...this.moving.values()].map(({ consumption }) => consumption.stop()));
    this.moving.clear();
  }

  private async check(stopping: AbortSignal): Promise<void> {
    await this.map.loaded(stopping);
    const resumed = this.map.current
      .pausedSubscriptions()
      .filter(isRouted)
      .filter(({ delivery }) => delivery === 'resuming' || delivery === 'draining');
    const queues = new Set(resumed.map(({ publisher, subscriber }) => pausedQueueOf(publisher, subscriber)));
    for (const [queue, { consumption }] of this.moving) {
      if (queues.has(queue)) continue;
      this.moving.delete(queue);
      await consumption.stop();
    }
    for (const subscription of resumed) await this.moveOn(subscription);
  }

  private async moveOn(subscription: Subscription): Promise<void> {
    const queue = pausedQueueOf(subscription.publisher, subscription.subscriber);
    const moving = this.moving.get(queue) ?? this.begin(queue, subscription);
    const waiting = (await this.broker.topology.inspectQueue(queue))?.messages ?? 0;
    if (waiting > 0) moving.lastSeenAtMs = Date.now();
    if (subscription.delivery === 'resuming' && waiting <= FEW) {
      await this.advance(subscription, 'resuming', 'draining');
    } else if (subscription.delivery === 'draining') {
      const { quietMs = 60_000 } = this.options;
      if (Date.now() - moving.lastSeenAtMs < quietMs) return;
      await this.advance(subscription, 'draining', undefined);
      this.log.info(
        { publisher: subscription.publisher, subscriber: subscription.subscriber },
        'a paused subscription is live again',
      );
    }
  }

  private begin(queue: string, { subscriber }: Subscription): Moving {
    const handler: BatchHandler = async (deliveries) => {
      moving.lastSeenAtMs = Date.now();
      await Promise.all(
        deliveries.map(({ body, headers, contentType, messageId }) =>
          this.broker.publish({
            exchange: '',
            routingKey: serviceQueueOf(subscriber),
            body,
            headers,
            ...(contentType !== undefined && { contentType }),
            ...(messageId !== undefined && { messageId }),
          }),
        ),
      );
      moving.lastSeenAtMs = Date.now();
    };
    const moving: Moving = {
      consumption: this.broker.consume(queue, handler, { prefetch: FEW }),
      lastSeenAtMs: Date.now(),
    };
    this.moving.set(queue, moving);
    return moving;
  }

  /** Only from the state that this manager has judged: others may have paused it again meanwhile. */
  private async advance(
    { publisher, subscriber }: Subscription,
    from: SubscriptionDelivery,
    to: SubscriptionDelivery | undefined,
  ): Promise<void> {
    await this.map.update(publisher, subscriber, (present) =>
      present.delivery === from ? { ...present, delivery: to } : undefined,
    );
  }
}
