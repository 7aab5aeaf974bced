import type { ReadState, ReplicatedEntity, SourceEntity } from '@dbem/transport';
import type { DescribedEvent } from '../parked/parked.service';

/** The states of an entity in replica and source; the replica was read first. */
export interface EntityReads {
  readonly fields: readonly string[];
  readonly replica: ReadState;
  readonly source: ReadState;
}

/** A service's response, or the reason why there is none. */
export type Answer<Result> = { readonly result: Result } | { readonly reason: string };

/**
 * State of a replica compared with its source. The source is read after the replica, so that a change in between
 * can't make the replica look newer.
 *
 * - `current`: the replica has the source's version (a legacy publisher has none to compare) and, as far as both can
 *   be read, the same state; or neither has the entity
 * - `deferred`, `parked`: the newest version that the replica received waits for its dependency, or can't be applied
 * - `underway`: the replica has not received the source's version yet; an audit finds out whether it was lost
 * - `different`: the replica has an entity that the source does not have (any more, or not yet), or another state at
 *   the same version, or lacks an entity that the source never published
 * - `unhandled`: the service is subscribed, but has no handler for the entity type
 * - `unknown`: the publisher is unreachable
 * - `unreachable`: the service is unreachable
 */
export const REPLICA_STATES = [
  'current',
  'deferred',
  'parked',
  'underway',
  'different',
  'unhandled',
  'unknown',
  'unreachable',
] as const;

export type ReplicaState = (typeof REPLICA_STATES)[number];

export interface ServiceReport {
  readonly service: string;
  readonly state: ReplicaState;
  readonly answer: Answer<ReplicatedEntity>;
  /** Events of the entity in the service's parked queue. */
  readonly parked: readonly DescribedEvent[];
  /** Undefined if replica or source can't read the entity. */
  readonly reads: EntityReads | undefined;
}

export interface EntityReport {
  readonly source: Answer<SourceEntity>;
  readonly services: readonly ServiceReport[];
}
