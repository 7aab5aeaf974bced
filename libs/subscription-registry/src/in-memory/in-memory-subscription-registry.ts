import { randomUUID } from 'node:crypto';
import {
  DbEventError,
  isSameSubscription,
  normalizeSubscription,
  type Subscription,
  SubscriptionMap,
  subscriptionAsked,
} from '@dbem/db-event';
import { KnownMap, type PublisherReport } from '../known-map';
import {
  type Member,
  type PutOptions,
  type PutOutcome,
  type RegistryHealth,
  type RemoveOutcome,
  SubscriptionRegistry,
  type UpdateOutcome,
} from '../subscription-registry.port';

/** What several in-memory registries share, as several managers share a ZooKeeper. */
export class InMemorySubscriptionStore {
  map = SubscriptionMap.EMPTY;
  revision = 0n;
  readonly registries = new Set<InMemorySubscriptionRegistry>();
}

/**
 * The map in memory alone: for tests, and for trying things out.
 *
 *   loading -start-> ready <-expireSession, renewSession-> degraded; any -stop-> stopped
 */
export class InMemorySubscriptionRegistry extends SubscriptionRegistry {
  private status: RegistryHealth['status'] = 'loading';
  private sinceMs = Date.now();
  readonly id = randomUUID();
  private readonly known = new KnownMap();
  private readonly listeners = new Set<(map: SubscriptionMap) => void>();
  private markLoaded: () => void = () => {};
  private readonly firstLoad = new Promise<void>((resolve) => {
    this.markLoaded = resolve;
  });

  constructor(private readonly store = new InMemorySubscriptionStore()) {
    super();
  }

  async start(): Promise<void> {
    if (this.status !== 'loading') return;
    this.join();
    this.markLoaded();
  }

  /** As if the store had not heard of this manager for too long: nobody waits for it, and it hears of no change. */
  expireSession(): void {
    if (this.status !== 'ready') return;
    this.store.registries.delete(this);
    this.become('degraded');
  }

  renewSession(): void {
    if (this.status === 'degraded') this.join();
  }

  async stop(): Promise<void> {
    this.store.registries.delete(this);
    this.become('stopped');
  }

  loaded(): Promise<void> {
    return this.firstLoad;
  }

  get map(): SubscriptionMap {
    return this.known.current;
  }

  onChange(listener: (map: SubscriptionMap) => void): () => void {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  }

  get selfId(): string {
    return this.id;
  }

  async put(wanted: Subscription, { rebuiltSinceMs }: PutOptions = {}): Promise<PutOutcome> {
    this.checkReady();
    const present = this.store.map.get(wanted.publisher, wanted.subscriber);
    const asked = subscriptionAsked(present, wanted, rebuiltSinceMs);
    const next = normalizeSubscription({ ...asked, delivery: present?.delivery });
    if (present !== undefined && isSameSubscription(present, next)) return 'unchanged';
    this.change(this.store.map.with(next));
    return present === undefined ? 'created' : 'changed';
  }

  async update(
    publisher: string,
    subscriber: string,
    change: (present: Subscription) => Subscription | undefined,
  ): Promise<UpdateOutcome> {
    this.checkReady();
    const present = this.store.map.get(publisher, subscriber);
    if (present === undefined) return 'absent';
    const wanted = change(present);
    if (wanted === undefined || isSameSubscription(present, wanted)) return 'unchanged';
    this.change(this.store.map.with(normalizeSubscription(wanted)));
    return 'changed';
  }

  async replace(present: Subscription, next: Subscription): Promise<boolean> {
    this.checkReady();
    const found = this.store.map.get(present.publisher, present.subscriber);
    if (found === undefined || !isSameSubscription(found, present)) return false;
    this.change(this.store.map.with(normalizeSubscription(next)));
    return true;
  }

  async remove(publisher: string, subscriber: string): Promise<RemoveOutcome> {
    this.checkReady();
    if (this.store.map.get(publisher, subscriber) === undefined) return 'absent';
    this.change(this.store.map.without(publisher, subscriber));
    return 'removed';
  }

  report(publisher: string): PublisherReport {
    return { publisher, revision: this.known.revision, subscriptions: this.map.subscriptionsTo(publisher) };
  }

  learn(report: PublisherReport): void {
    this.known.learn(report);
    this.tell();
  }

  async refresh(): Promise<void> {
    this.checkReady();
  }

  async members(): Promise<Member[]> {
    this.checkReady();
    return [...this.store.registries].map(({ id, sinceMs }) => ({
      id,
      appliedRevision: this.store.revision,
      startedAtMs: sinceMs,
      host: 'localhost',
      pid: process.pid,
    }));
  }

  health(): RegistryHealth {
    return { status: this.status, sinceMs: this.sinceMs, reconnects: 0 };
  }

  private change(map: SubscriptionMap): void {
    this.store.map = map;
    this.store.revision += 1n;
    for (const registry of this.store.registries) registry.read();
  }

  private join(): void {
    this.store.registries.add(this);
    this.become('ready');
    this.read();
  }

  private read(): void {
    this.known.adopt(this.store.map, this.store.revision);
    this.tell();
  }

  private tell(): void {
    for (const listener of this.listeners) listener(this.map);
  }

  private checkReady(): void {
    if (this.status !== 'ready') {
      throw new DbEventError('MAP_UNAVAILABLE', `The registry is ${this.status}`, { retryable: true });
    }
  }

  private become(status: RegistryHealth['status']): void {
    this.status = status;
    this.sinceMs = Date.now();
  }
}
