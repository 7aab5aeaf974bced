import type { DbEventErrorCode, EntityType } from '@dbem/db-event';
import type { HistogramSeries } from '@dbem/telemetry';

/** Counters of the events of one publisher and one entity type. */
export class EntityTypeCounts {
  applied = 0;
  stale = 0;
  deferred = 0;
  /** Time from the publisher's change to this replica's commit, s. Undefined before the first applied event. */
  lag: HistogramSeries | undefined;
}

/** Counters of the events of one publisher. */
export class PublisherCounts {
  readonly byEntityType = new Map<EntityType, EntityTypeCounts>();
  readonly parked = new Map<DbEventErrorCode, number>();
  retried = 0;
  /** The newest version received. */
  newestVersion: bigint | undefined;
  /** Lag of the last event or heartbeat; below zero if the clocks of the two databases differ. */
  lastLagMs: number | undefined;
  /** When the last event or heartbeat was processed, ms since 1970. */
  lastReceivedAtMs: number | undefined;

  of(entityType: EntityType): EntityTypeCounts {
    let counts = this.byEntityType.get(entityType);
    if (counts === undefined) {
      counts = new EntityTypeCounts();
      this.byEntityType.set(entityType, counts);
    }
    return counts;
  }
}

/** This instance's counters since its start, by publisher: for metrics and for status reports to the event managers. */
export class EventCounts {
  private readonly byPublisher = new Map<string, PublisherCounts>();

  of(publisher: string): PublisherCounts {
    let counts = this.byPublisher.get(publisher);
    if (counts === undefined) {
      counts = new PublisherCounts();
      this.byPublisher.set(publisher, counts);
    }
    return counts;
  }

  list(): Iterable<readonly [publisher: string, counts: PublisherCounts]> {
    return this.byPublisher;
  }
}
