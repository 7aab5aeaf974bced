import { isRouted, type Lapse, type Lifecycle, type Subscription } from '@dbem/db-event';
import { checkpoint, type Log, pause } from '@dbem/platform';
import type { SubscriptionRegistry } from '@dbem/subscription-registry';
import { type Broker, dropServiceQueue, serviceQueueOf } from '@dbem/transport';
import { type BacklogLimit, backlogFault } from './backlog-limit';
import type { MessageSizes } from './message-sizes';

const CHECK_INTERVAL_MS = 5_000;

/** A manager that took longer since it made sure of the map may have been replaced meanwhile: it deletes nothing. */
const MAX_HESITATION_MS = 3_000;

export interface LapseKeeperOptions {
  readonly limit: BacklogLimit;
  readonly sizes: MessageSizes;
  /** Resolves when every manager that consumes events routes by this publisher's subscriptions. */
  readonly agree: (publisher: string) => Promise<void>;
  readonly log: Log;
}

/**
 * Ends the subscriptions of a subscriber whose queue has grown past the limit, so that one that stays away does not fill the broker.
 *
 *   routed -> dropping: marked in the map; every live manager has ceased to route to it
 *          -> dropped:  its queue is deleted
 *          -> returned: it has asked again (`SubscriptionService.put`), which is refused while it is dropping
 *
 * One manager does it, the first among the live ones. If it dies in between, the next one takes over what it finds dropping.
 * Each step makes sure, by a conditional write to the map, that the subscription is what it was, so a subscriber that returns
 * meanwhile never loses its new queue.
 */
export class LapseKeeper implements Lifecycle {
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;

  constructor(
    private readonly broker: Broker,
    private readonly registry: SubscriptionRegistry,
    private readonly options: LapseKeeperOptions,
  ) {}

  async start(): Promise<void> {
    this.running ??= this.run();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      try {
        if (this.registry.health().status === 'ready') await this.check();
      } catch (error) {
        this.options.log.warn({ err: error }, 'could not check the service queues for their backlog; trying again');
      }
      await pause(CHECK_INTERVAL_MS, this.stopping.signal);
    }
  }

  private async check(): Promise<void> {
    const due = new Map<string, string>();
    for (const { subscriber, lapse } of this.registry.map.subscriptions()) {
      if (lapse?.state === 'dropping') due.set(subscriber, 'its lapse had begun');
    }
    for (const subscriber of this.registry.map.routedSubscriberNames()) {
      const state = await this.broker.topology.inspectQueue(serviceQueueOf(subscriber));
      const { sizes, limit } = this.options;
      const fault = state && backlogFault(state.messages, sizes.meanOf(subscriber), limit);
      if (fault !== undefined) due.set(subscriber, fault);
    }
    if (due.size === 0 || !(await this.isFirst())) return;
    for (const [subscriber, reason] of due) await this.lapse(subscriber, reason);
  }

  private async isFirst(): Promise<boolean> {
    const { selfId } = this.registry;
    const [first = ''] = (await this.registry.members()).map(({ id }) => id).sort();
    return first === selfId || first.startsWith(`${selfId}.`);
  }

  private async lapse(subscriber: string, reason: string): Promise<void> {
    const sinceMs = Date.now();
    const sureAtMs = Date.now();
    for (const subscription of this.of(subscriber)) {
      const { lapse } = subscription;
      if (lapse?.state === 'dropped') continue;
      const since = lapse?.state === 'dropping' ? lapse.sinceMs : sinceMs;
      const isMine = await this.mark(subscription, { sinceMs: since, state: 'dropping', by: this.registry.selfId });
      if (!isMine) return;
    }
    const dropping = this.of(subscriber);
    if (dropping.some(isRouted) || Date.now() - sureAtMs > MAX_HESITATION_MS) return;
    checkpoint('lapse.marked');
    await dropServiceQueue(this.broker.topology, subscriber);
    for (const subscription of dropping) {
      const { lapse } = subscription;
      if (lapse?.state === 'dropping') await this.mark(subscription, { sinceMs: lapse.sinceMs, state: 'dropped' });
    }
    this.options.log.warn(
      { subscriber, reason, publishers: dropping.map(({ publisher }) => publisher) },
      'a subscriber stayed away for too long: its subscriptions have lapsed, and its queue is deleted',
    );
  }

  private async mark(subscription: Subscription, lapse: Lapse): Promise<boolean> {
    const isMarked = await this.registry.replace(subscription, { ...subscription, lapse });
    await this.options.agree(subscription.publisher);
    return isMarked;
  }

  private of(subscriber: string): Subscription[] {
    return this.registry.map.subscriptions().filter((subscription) => subscription.subscriber === subscriber);
  }
}
