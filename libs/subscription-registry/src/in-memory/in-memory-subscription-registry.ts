import { randomUUID } from 'node:crypto';
import { DbEventError, type Subscription, SubscriptionMap } from '@dbem/db-event';
import { KnownMap, type PublisherReport } from '../known-map';
import { laterTerm } from '../later-term';
import {
  type Decided,
  type Decision,
  type Member,
  type RegistryHealth,
  SubscriptionRegistry,
} from '../subscription-registry.port';

/** A store that several in-memory registries share, as several managers share a ZooKeeper. */
export class InMemorySubscriptionStore {
  map = SubscriptionMap.EMPTY;
  revision = 0n;
  term = 0;
  readonly registries = new Set<InMemorySubscriptionRegistry>();
}

/**
 * The map in memory only, for tests and demos.
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

  /** Simulates an expired session: nobody waits for this manager, and it does not receive changes. */
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

  report(publisher: string): PublisherReport {
    return { publisher, revision: this.known.revision, subscriptions: this.map.subscriptionsTo(publisher) };
  }

  learn(report: PublisherReport): void {
    this.known.learn(report);
    this.notifyListeners();
  }

  async refresh(): Promise<void> {
    this.checkReady();
  }

  async nextTerm(): Promise<number> {
    this.checkReady();
    this.store.term = laterTerm(this.store.term);
    return this.store.term;
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

  protected async change(
    publisher: string,
    subscriber: string,
    decide: (present: Subscription | undefined) => Decision,
  ): Promise<Decided> {
    this.checkReady();
    const { map } = this.store;
    const present = map.get(publisher, subscriber);
    const decision = decide(present);
    if (decision !== undefined) {
      this.store.revision += 1n;
      const generation = present?.generation ?? String(this.store.revision);
      this.store.map =
        decision === 'removed' ? map.without(publisher, subscriber) : map.with({ ...decision, generation });
      for (const registry of this.store.registries) registry.read();
    }
    return { present, decision };
  }

  private join(): void {
    this.store.registries.add(this);
    this.become('ready');
    this.read();
  }

  private read(): void {
    this.known.adopt(this.store.map, this.store.revision);
    this.notifyListeners();
  }

  private notifyListeners(): void {
    for (const listener of this.listeners) listener(this.map);
  }

  private checkReady(): void {
    if (this.status !== 'ready') {
      throw new DbEventError('MAP_UNAVAILABLE', `The subscription map is ${this.status}`, { retryable: true });
    }
  }

  private become(status: RegistryHealth['status']): void {
    this.status = status;
    this.sinceMs = Date.now();
  }
}
