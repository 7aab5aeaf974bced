import {
  isPaused,
  isRouted,
  isSameExpiry,
  type Lifecycle,
  type Subscription,
  type SubscriptionExpiry,
} from '@dbem/db-event';
import { checkpoint, Log, PeriodicTask } from '@dbem/runtime';
import { MapRollout, SubscriptionRegistry } from '@dbem/subscription-registry';
import { Broker, pausedQueueOf, QueueContents, serviceQueueOf } from '@dbem/transport';
import { Inject, Injectable, Optional } from '@nestjs/common';
import { EventForwarder } from '../../forwarding/event-forwarder';
import { type BacklogLimit, backlogFault } from './backlog-limit';
import { ExpiryConfig } from './expiry.config';

const DEFAULT_CHECK_INTERVAL_MS = 5_000;

/**
 * After a longer delay since its first map update, another manager may have taken over, so this one deletes nothing.
 */
const MAX_DELAY_MS = 3_000;

const IN_PROGRESS = 'the expiry was already in progress';

export interface ExpiryMonitorOptions {
  /** Interval between two checks of all queues, ms. Default: 5,000. */
  readonly checkIntervalMs?: number;
}

/**
 * Expires the subscriptions of a subscriber whose queue exceeds the backlog limit, so that an absent subscriber can't
 * fill the broker.
 *
 *   routed -> dropping: marked in the map; no live manager routes to it any more
 *          -> dropped:  its queue is deleted
 *          -> returned: it has subscribed again (`SubscriptionService.put`, which rejects this while it is dropping)
 *
 * Only the live manager with the lowest id does this. If it dies in between, the next one continues with the
 * subscriptions in state dropping. The queue of a paused subscription has the same limit, but only that subscription
 * expires: the service keeps its other subscriptions and its own queue.
 *
 * Each step is a conditional write to the map that requires the subscription to be unchanged, so a subscriber that
 * returns meanwhile never loses its new queue.
 */
@Injectable()
export class ExpiryMonitor implements Lifecycle {
  private readonly limit: BacklogLimit;
  private readonly checking: PeriodicTask;

  constructor(
    private readonly broker: Broker,
    private readonly registry: SubscriptionRegistry,
    @Inject(MapRollout) private readonly rollout: Pick<MapRollout, 'rollOut'>,
    private readonly contents: QueueContents,
    @Inject(EventForwarder) private readonly forwarder: Pick<EventForwarder, 'waitingQueuesOf'>,
    config: ExpiryConfig,
    private readonly log: Log,
    @Optional() { checkIntervalMs = DEFAULT_CHECK_INTERVAL_MS }: ExpiryMonitorOptions = {},
  ) {
    this.limit = { maxEvents: config.BACKLOG_MAX_EVENTS, maxBytes: config.BACKLOG_MAX_BYTES };
    this.checking = new PeriodicTask((stopping) => this.check(stopping), {
      intervalMs: checkIntervalMs,
      onError: (error) => log.warn({ err: error }, 'could not check the backlog of the service queues; retrying'),
    });
  }

  start(): Promise<void> {
    return this.checking.start();
  }

  stop(): Promise<void> {
    return this.checking.stop();
  }

  private async check(stopping: AbortSignal): Promise<void> {
    if (this.registry.health().status !== 'ready') return;
    const due = new Map<string, string>();
    const duePaused = new Map<Subscription, string>();
    for (const subscription of this.registry.map.subscriptions()) {
      const { expiry, subscriber, publisher } = subscription;
      if (expiry?.state === 'dropping') {
        if (expiry.ofPaused) duePaused.set(subscription, IN_PROGRESS);
        else due.set(subscriber, IN_PROGRESS);
      } else if (isPaused(subscription) && isRouted(subscription)) {
        if (stopping.aborted) return;
        const fault = await this.faultOf(pausedQueueOf(publisher, subscriber));
        if (fault !== undefined) duePaused.set(subscription, fault);
      }
    }
    for (const subscriber of this.registry.map.routedSubscriberNames()) {
      if (stopping.aborted) return;
      const queue = serviceQueueOf(subscriber);
      for (const name of [queue, ...this.forwarder.waitingQueuesOf(queue)]) {
        const fault = await this.faultOf(name);
        if (fault !== undefined) due.set(subscriber, fault);
      }
    }
    if (due.size + duePaused.size === 0 || !(await this.isFirst())) return;
    for (const [subscriber, reason] of due) await this.expire(subscriber, reason);
    for (const [subscription, reason] of duePaused) {
      if (!due.has(subscription.subscriber)) await this.expirePaused(subscription, reason);
    }
  }

  private async faultOf(queue: string): Promise<string | undefined> {
    const state = await this.broker.topology.inspectQueue(queue);
    if (state === undefined) return undefined;
    const { messages } = state;
    const [events, bytes] = [this.contents.eventsIn(queue, messages), this.contents.bytesIn(queue, messages)];
    return backlogFault({ messages, events, bytes }, this.limit);
  }

  private async isFirst(): Promise<boolean> {
    const { selfId } = this.registry;
    const [first = ''] = (await this.registry.members()).map(({ id }) => id).sort();
    return first === selfId || first.startsWith(`${selfId}.`);
  }

  private async expire(subscriber: string, reason: string): Promise<void> {
    const sinceMs = Date.now();
    for (const subscription of this.of(subscriber)) {
      const { expiry } = subscription;
      if (expiry?.state === 'dropped') continue;
      const since = expiry?.state === 'dropping' ? expiry.sinceMs : sinceMs;
      const isMarked = await this.mark(subscription, { sinceMs: since, state: 'dropping', by: this.registry.selfId });
      if (!isMarked) return;
    }
    const dropping = this.of(subscriber);
    if (dropping.some(isRouted) || Date.now() - sinceMs > MAX_DELAY_MS) return;
    checkpoint('expiry.marked');
    const { topology } = this.broker;
    await topology.deleteQueue(serviceQueueOf(subscriber));
    for (const subscription of dropping) {
      const { expiry, publisher } = subscription;
      await topology.deleteQueue(pausedQueueOf(publisher, subscriber));
      if (expiry?.state === 'dropping') await this.mark(subscription, { sinceMs: expiry.sinceMs, state: 'dropped' });
    }
    this.log.warn(
      { subscriber, reason, publishers: dropping.map(({ publisher }) => publisher) },
      'expired the subscriptions of a subscriber and deleted its queue',
    );
  }

  private async expirePaused(subscription: Subscription, reason: string): Promise<void> {
    const { publisher, subscriber, expiry } = subscription;
    const nowMs = Date.now();
    const sinceMs = expiry?.state === 'dropping' ? expiry.sinceMs : nowMs;
    const marked = { sinceMs, state: 'dropping', by: this.registry.selfId, ofPaused: true } as const;
    if (!(await this.mark(subscription, marked))) return;
    const dropping = this.registry.map.get(publisher, subscriber);
    if (!isSameExpiry(dropping?.expiry, marked) || Date.now() - nowMs > MAX_DELAY_MS) return;
    checkpoint('expiry.marked');
    await this.broker.topology.deleteQueue(pausedQueueOf(publisher, subscriber));
    await this.mark({ ...subscription, expiry: marked }, { sinceMs, state: 'dropped', ofPaused: true });
    this.log.warn({ subscriber, publisher, reason }, 'expired a paused subscription and deleted its queue');
  }

  private async mark(subscription: Subscription, expiry: SubscriptionExpiry): Promise<boolean> {
    const isMarked = await this.registry.replace(subscription, { ...subscription, expiry });
    await this.rollout.rollOut(subscription.publisher);
    return isMarked;
  }

  private of(subscriber: string): Subscription[] {
    return this.registry.map.subscriptions().filter((subscription) => subscription.subscriber === subscriber);
  }
}
