import { randomUUID } from 'node:crypto';
import {
  DbEventError,
  isSameSubscription,
  normalizeSubscription,
  type Subscription,
  SubscriptionMap,
} from '@dbem/db-event';
import {
  type Member,
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

/** The map in memory alone: for tests, and for trying things out. */
export class InMemorySubscriptionRegistry extends SubscriptionRegistry {
  private status: RegistryHealth['status'] = 'loading';
  private sinceMs = Date.now();
  readonly id = randomUUID();
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
    this.store.registries.add(this);
    this.become('ready');
    this.markLoaded();
  }

  async stop(): Promise<void> {
    this.store.registries.delete(this);
    this.become('stopped');
  }

  loaded(): Promise<void> {
    return this.firstLoad;
  }

  get map(): SubscriptionMap {
    return this.store.map;
  }

  onChange(listener: (map: SubscriptionMap) => void): () => void {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  }

  async put(subscription: Subscription): Promise<PutOutcome> {
    this.checkReady();
    const present = this.map.get(subscription.publisher, subscription.subscriber);
    const wanted = normalizeSubscription({ ...subscription, delivery: present?.delivery });
    if (present !== undefined && isSameSubscription(present, wanted)) return 'unchanged';
    this.change(this.map.with(wanted));
    return present === undefined ? 'created' : 'changed';
  }

  async update(
    publisher: string,
    subscriber: string,
    change: (present: Subscription) => Subscription | undefined,
  ): Promise<UpdateOutcome> {
    this.checkReady();
    const present = this.map.get(publisher, subscriber);
    if (present === undefined) return 'absent';
    const wanted = change(present);
    if (wanted === undefined || isSameSubscription(present, wanted)) return 'unchanged';
    this.change(this.map.with(normalizeSubscription(wanted)));
    return 'changed';
  }

  async remove(publisher: string, subscriber: string): Promise<RemoveOutcome> {
    this.checkReady();
    if (this.map.get(publisher, subscriber) === undefined) return 'absent';
    this.change(this.map.without(publisher, subscriber));
    return 'removed';
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
    for (const registry of this.store.registries) registry.tell(map);
  }

  private tell(map: SubscriptionMap): void {
    for (const listener of this.listeners) listener(map);
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
