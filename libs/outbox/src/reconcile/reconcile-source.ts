import type { Dependency } from '@dbem/db-event';
import type { EntityCodec } from '@dbem/entity-codec';

/**
 * How a publisher's entities of one type are read from its own tables, so that replicas can be filled, audited and
 * repaired. The SQL is the service's own, and trusted.
 */
export interface ReconcileSource<Entity, Row> {
  readonly codec: EntityCodec<Entity>;
  /**
   * `SELECT <id> COLLATE "C" AS entity_id, <columns> FROM …`: one row per existing entity. An index on that expression
   * makes it cheap.
   */
  readonly rows: string;
  /**
   * The entity's fields that replicas may keep, as SQL over the columns of `rows`, with the types of the entity's JSON.
   */
  readonly fields: Readonly<Partial<Record<keyof Entity & string, string>>>;
  /** The entity as it is published, made from a row of `rows`. */
  readonly entityOf: (row: Row) => Entity;
  /** The entity's dependencies, the same as in a published change. Default: none. */
  readonly dependenciesOf?: (row: Row) => readonly Dependency[];
  /**
   * The entity in the DELETE event that removes an orphan from a replica. The source does not have it any more, so it
   * is made from its id and the values that the replica has.
   */
  readonly orphanOf: (entityId: string, known: Readonly<Record<string, unknown>>) => Entity;
}

// biome-ignore lint/suspicious/noExplicitAny: of any entity and row; each declaration is typed by itself.
export type AnyReconcileSource = ReconcileSource<any, any>;
