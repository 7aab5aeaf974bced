import type { CrudType } from './crud-type';
import type { Dependency } from './dependency';
import type { EntityType } from './entity-type';
import type { Version } from './version';

/**
 * A change on the wire: what happened to one entity, and the whole entity after the change (for a DELETE: before it).
 *
 * An event of a legacy publisher has no `eventId`, `entityId`, `version` or `changeTimeMs`.
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
  /**
   * When the change was appended in the publisher's transaction, by the clock of the publisher's database; ms since
   * 1970.
   */
  readonly changeTimeMs?: number | undefined;
  /** What a subscriber to these entities must apply first. Never empty; only with a version. */
  readonly dependencies?: readonly Dependency[] | undefined;
  /**
   * Not a change, but a sign that the publisher is running: its version is the publisher's newest at that time, and its
   * entity is empty. Sent only to subscribers that requested heartbeats; it changes no replica and calls no handler.
   */
  readonly isHeartbeat?: boolean | undefined;
  /** The only subscriber that gets the event, if it is subscribed. Undefined: all subscribers. */
  readonly recipient?: string | undefined;
  /**
   * Set on a READ that repairs a replica whose version is right but whose state is not: the event passes the version
   * gate at an equal version, once. Each repair has a higher number.
   */
  readonly repairNumber?: bigint | undefined;
}
