import type { EntityType } from './entity-type';

/** Identifies one entity of one publisher. */
export interface EntityKey {
  readonly publisher: string;
  readonly entityType: EntityType;
  /** Unique among the publisher's entities of this type. */
  readonly entityId: string;
}
