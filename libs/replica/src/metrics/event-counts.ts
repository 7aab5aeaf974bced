import type { DbEventErrorCode, EntityType } from '@dbem/db-event';
import type { HistogramSeries } from '@dbem/telemetry';

/** Of the events of one publisher and one entity type. */
export class EntityTypeCounts {
  applied = 0;
  stale = 0;
  deferred = 0;
  /** From the publisher's change to this replica's commit, s; from the first applied event on. */
  lag: HistogramSeries | undefined;
}

/** Of the events of one publisher. */
export class PublisherCounts {
  readonly byEntityType = new Map<EntityType, EntityTypeCounts>();
  readonly parked = new Map<DbEventErrorCode, number>();
  retried = 0;
  /** That has come through. */
  newestVersion: bigint | undefined;
  /** Of the last event or heartbeat; below zero if the two databases' clocks differ. */
  lastLagMs: number | undefined;
  /** When the last event or heartbeat was settled, ms since 1970. */
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

/** What this instance has done with events since its start, by their publishers: for Prometheus and for the event managers. */
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
