import type { CrudType } from './crud-type';
import type { Dependency } from './dependency';
import type { EntityType } from './entity-type';
import type { Version } from './version';

/**
 * A change on the wire: what happened to one entity, and the whole entity after it (before it, for a DELETE).
 *
 * An event of an old publisher has neither `eventId`, `entityId`, `version` nor `changeTimeMs`.
 */
export interface DbEvent {
  readonly publisher: string;
  readonly entityType: EntityType;
  readonly crudType: CrudType;
  /** The entity in Thrift's binary protocol. Opaque to the manager; a view of the message, not a copy. */
  readonly entity: Buffer;
  /** Unique per event. */
  readonly eventId?: string | undefined;
  readonly entityId?: string | undefined;
  readonly version?: Version | undefined;
  /** When the change was appended in the publisher's transaction; ms since 1970, by the publisher's database's clock. */
  readonly changeTimeMs?: number | undefined;
  /** What a subscriber that hears these entities must have applied before. Never empty; only with a version. */
  readonly dependencies?: readonly Dependency[] | undefined;
  /**
   * No change, but a sign that the publisher is there and how far it has got: its version is the newest at that time. The
   * entity is empty. It is sent to those who asked for it, moves no replica and fires no handler.
   */
  readonly isHeartbeat?: boolean | undefined;
  /** The one subscriber that gets the event, if it is subscribed; undefined: all of them. */
  readonly recipient?: string | undefined;
  /**
   * Of a READ that repairs a replica which holds this very version, but not its state: passes the version gate at an equal
   * version, once. Grows with each repair.
   */
  readonly repairNumber?: bigint | undefined;
}
