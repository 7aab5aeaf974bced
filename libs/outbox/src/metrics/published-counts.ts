import type { EntityType } from '@dbem/db-event';

/** Counts the changes that the broker has confirmed since this relay's start, without heartbeats. */
export class PublishedCounts {
  private readonly byEntityType = new Map<EntityType, number>();

  add(entityType: EntityType): void {
    this.byEntityType.set(entityType, (this.byEntityType.get(entityType) ?? 0) + 1);
  }

  list(): Iterable<readonly [entityType: EntityType, count: number]> {
    return this.byEntityType;
  }

  get total(): number {
    return [...this.byEntityType.values()].reduce((total, count) => total + count, 0);
  }
}
