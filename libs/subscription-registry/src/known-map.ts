import { type Subscription, SubscriptionMap } from '@dbem/db-event';

/** All subscriptions to one publisher, as a manager knew them when it had read the store up to `revision`. */
export interface PublisherReport {
  readonly publisher: string;
  readonly revision: bigint;
  readonly subscriptions: readonly Subscription[];
}

/**
 * The map as one manager knows it: what it has read of the store, and over it what others have told of a publisher that it
 * has not read as far yet. What was told goes as soon as the store has been read up to there.
 */
export class KnownMap {
  private read = SubscriptionMap.EMPTY;
  private readRevision = 0n;
  private readonly told = new Map<string, PublisherReport>();
  private combined = SubscriptionMap.EMPTY;

  get current(): SubscriptionMap {
    return this.combined;
  }

  /** The newest change of the store up to which all is known by reading. */
  get revision(): bigint {
    return this.readRevision;
  }

  /** The store was read; how far is not known yet. */
  stage(map: SubscriptionMap): void {
    this.read = map;
    this.combine();
  }

  /** All of the store's changes up to `revision` are in `map`. */
  adopt(map: SubscriptionMap, revision: bigint): void {
    this.read = map;
    this.readRevision = revision;
    for (const [publisher, report] of this.told) {
      if (report.revision <= revision) this.told.delete(publisher);
    }
    this.combine();
  }

  /** What is older than what is known already is passed over. */
  learn(report: PublisherReport): void {
    const known = this.told.get(report.publisher)?.revision ?? this.readRevision;
    if (report.revision <= known) return;
    this.told.set(report.publisher, report);
    this.combine();
  }

  private combine(): void {
    let map = this.read;
    for (const { publisher, subscriptions } of this.told.values()) map = map.withPublisher(publisher, subscriptions);
    this.combined = map;
  }
}
