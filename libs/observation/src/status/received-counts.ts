import type { EntityType } from '@dbem/db-event';
import { Injectable } from '@nestjs/common';

/** Counts the events that this manager has received from the managers’ queue since its start, without heartbeats. */
@Injectable()
export class ReceivedCounts {
  private readonly byPublisher = new Map<string, Map<EntityType, number>>();

  add(publisher: string, entityType: EntityType): void {
    let counts = this.byPublisher.get(publisher);
    if (counts === undefined) {
      counts = new Map();
      this.byPublisher.set(publisher, counts);
    }
    counts.set(entityType, (counts.get(entityType) ?? 0) + 1);
  }

  list(): (readonly [publisher: string, entityType: EntityType, count: number])[] {
    return [...this.byPublisher].flatMap(([publisher, counts]) =>
      [...counts].map(([entityType, count]) => [publisher, entityType, count] as const),
    );
  }
}
