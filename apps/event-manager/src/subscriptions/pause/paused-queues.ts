import { isRouted, type Lifecycle, type Subscription, type SubscriptionDelivery } from '@dbem/db-event';
import { Log, PeriodicTask } from '@dbem/runtime';
import { SubscriptionMapEditor } from '@dbem/subscription-registry';
import {
  type BatchHandler,
  Broker,
  type Consumption,
  emptinessOf,
  pausedQueueOf,
  serviceQueueOf,
} from '@dbem/transport';
import { Injectable, Optional } from '@nestjs/common';

/** Once no more messages than this remain, new events are routed directly to the service again. */
const DRAIN_THRESHOLD = 100;

export interface PausedQueuesOptions {
  readonly checkIntervalMs?: number;
  /**
   * How long a queue must stay empty before the subscription goes live, ms. Must be longer than the broker takes to
   * detect a dead manager and requeue its unacknowledged messages. Default: 60,000.
   */
  readonly quietMs?: number;
}

interface Move {
  readonly consumption: Consumption;
  lastSeenAtMs: number;
}

/**
 * Moves waiting events of subscriptions that are being resumed from the paused queue to the service's queue, and
 * advances each subscription through its states (see `SubscriptionDelivery`). Every manager consumes every such
 * queue, as single active consumer: that keeps the order, and when a manager dies another one continues. Acknowledges
 * an event when the broker has confirmed it in the service's queue; after a crash in between it is moved twice, and
 * the version gate discards the duplicate.
 */
@Injectable()
export class PausedQueues implements Lifecycle {
  private readonly moves = new Map<string, Move>();
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
      onError: (error) => log.debug({ err: error }, 'could not check paused subscriptions; retrying'),
    });
  }

  start(): Promise<void> {
    return this.checking.start();
  }

  async stop(): Promise<void> {
    await this.checking.stop();
    await Promise.all([...this.moves.values()].map(({ consumption }) => consumption.stop()));
    this.moves.clear();
  }

  private async check(stopping: AbortSignal): Promise<void> {
    await this.map.loaded(stopping);
    const resumed = this.map.current
      .pausedSubscriptions()
      .filter(isRouted)
      .filter(({ delivery }) => delivery === 'resuming' || delivery === 'draining');
    const queues = new Set(resumed.map(({ publisher, subscriber }) => pausedQueueOf(publisher, subscriber)));
    for (const [queue, { consumption }] of this.moves) {
      if (queues.has(queue)) continue;
      this.moves.delete(queue);
      await consumption.stop();
    }
    for (const subscription of resumed) await this.resume(subscription);
  }

  private async resume(subscription: Subscription): Promise<void> {
    const queue = pausedQueueOf(subscription.publisher, subscription.subscriber);
    const move = this.moves.get(queue) ?? this.startMove(queue, subscription);
    const state = await this.broker.topology.inspectQueue(queue);
    const emptiness = state === undefined ? 'empty' : emptinessOf(state);
    if (emptiness !== 'empty') move.lastSeenAtMs = Date.now();
    if (emptiness === 'unknown') return;
    if (subscription.delivery === 'resuming' && (state?.messages ?? 0) <= DRAIN_THRESHOLD) {
      await this.advance(subscription, 'resuming', 'draining');
    } else if (subscription.delivery === 'draining') {
      const { quietMs = 60_000 } = this.options;
      if (Date.now() - move.lastSeenAtMs < quietMs) return;
      await this.advance(subscription, 'draining', undefined);
      this.log.info(
        { publisher: subscription.publisher, subscriber: subscription.subscriber },
        'resumed a subscription; it is live again',
      );
    }
  }

  private startMove(queue: string, { publisher, subscriber }: Subscription): Move {
    const handler: BatchHandler = async (deliveries) => {
      move.lastSeenAtMs = Date.now();
      // By the map of the moment at which the events are in hand: it may have changed since the last check.
      const present = this.map.current.get(publisher, subscriber);
      if (present === undefined || present.delivery === 'paused') {
        this.checking.wake();
        throw new Error(
          `the subscription of ${subscriber} to ${publisher} is paused again or removed; its events stay`,
        );
      }
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
      move.lastSeenAtMs = Date.now();
    };
    const move: Move = {
      consumption: this.broker.consume(queue, handler, { prefetch: DRAIN_THRESHOLD }),
      lastSeenAtMs: Date.now(),
    };
    this.moves.set(queue, move);
    return move;
  }

  /** Changes the state only if it is still `from`: the subscription may have been paused again meanwhile. */
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
