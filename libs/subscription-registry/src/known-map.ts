import { type Subscription, SubscriptionMap } from '@dbem/db-event';

/** All subscriptions to one publisher, as known to a manager that had read the store up to `revision`. */
export interface PublisherReport {
  readonly publisher: string;
  readonly revision: bigint;
  readonly subscriptions: readonly Subscription[];
}

/**
 * The map as one manager knows it: what it has read from the store, overlaid with newer reports of other managers. A
 * report is dropped once the store has been read up to its revision.
 */
export class KnownMap {
  private read = SubscriptionMap.EMPTY;
  private readRevision = 0n;
  private readonly learned = new Map<string, PublisherReport>();
  private combined = SubscriptionMap.EMPTY;

  get current(): SubscriptionMap {
    return this.combined;
  }

  /** All changes of the store up to this revision have been read. */
  get revision(): bigint {
    return this.readRevision;
  }

  /** The store was read; up to which revision is not known yet. */
  stage(map: SubscriptionMap): void {
    this.read = map;
    this.combine();
  }

  /** `map` contains all of the store's changes up to `revision`. */
  adopt(map: SubscriptionMap, revision: bigint): void {
    this.read = map;
    this.readRevision = revision;
    for (const [publisher, report] of this.learned) {
      if (report.revision <= revision) this.learned.delete(publisher);
    }
    this.combine();
  }

  /** Ignores a report that is older than what is known already. */
  learn(report: PublisherReport): void {
    const known = this.learned.get(report.publisher)?.revision ?? this.readRevision;
    if (report.revision <= known) return;
    this.learned.set(report.publisher, report);
    this.combine();
  }

  private combine(): void {
    let map = this.read;
    for (const { publisher, subscriptions } of this.learned.values()) map = map.withPublisher(publisher, subscriptions);
    this.combined = map;
  }
}
