import type { Dependency } from '@dbem/db-event';
import type { EntityCodec } from '@dbem/entity-codec';

/**
 * How a publisher's entities of one type are read back from its own tables, so that replicas can be filled, audited and
 * repaired. SQL here is the service's own, and trusted.
 */
export interface ReconcileSource<Entity, Row> {
  readonly codec: EntityCodec<Entity>;
  /**
   * `SELECT <id> COLLATE "C" AS entity_id, <columns> FROM …`: one row for each entity that there is. An index on that
   * expression makes it cheap.
   */
  readonly rows: string;
  /** The entity's fields that replicas may keep, as SQL over the columns of `rows`. Of the types that the entity has as JSON. */
  readonly fields: Readonly<Partial<Record<keyof Entity & string, string>>>;
  /** The entity as it is published, out of a row of `rows`. */
  readonly entityOf: (row: Row) => Entity;
  /** What the entity depends on, as when a change of it is published. Default: nothing. */
  readonly dependenciesOf?: (row: Row) => readonly Dependency[];
  /**
   * The entity that the DELETE carries which removes it from a replica, although the source has it no more: out of its id and
   * what the replica knows of it.
   */
  readonly orphanOf: (entityId: string, known: Readonly<Record<string, unknown>>) => Entity;
}

// biome-ignore lint/suspicious/noExplicitAny: of whatever entity and row; each declaration is typed by itself.
export type AnyReconcileSource = ReconcileSource<any, any>;
