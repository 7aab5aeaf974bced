import type { ReadState, ReplicatedEntity, SourceEntity } from '@dbem/transport';
import type { DescribedEvent } from '../parked/parked.service';

/** An entity as replica and source had it, the replica looked at first. */
export interface EntityReads {
  readonly fields: readonly string[];
  readonly replica: ReadState;
  readonly source: ReadState;
}

/** A service's answer, or why there is none. */
export type Answer<Result> = { readonly result: Result } | { readonly reason: string };

/**
 * How a replica stands to the source, which was asked after it, so a change in between makes no replica look newer:
 *
 * - `current`: it has the source's version (an old publisher's has none to compare) and, as far as both can show it, its state; or
 *   neither has the entity
 * - `deferred`, `parked`: the newest version that came to it waits for what it depends on, or can't be applied
 * - `underway`: the source's version has not come to it yet; an audit tells whether it was lost
 * - `different`: it has what the source has not (any more, or not yet), or another state at the same version, or lacks what the source
 *   never published
 * - `unhandled`: the service is subscribed, but handles no such entities
 * - `unknown`: the publisher can't be asked
 * - `unreachable`: the service can't be asked
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
  /** Undefined if one of the two can't show the entity. */
  readonly looks: EntityReads | undefined;
}

export interface EntityReport {
  readonly source: Answer<SourceEntity>;
  readonly services: readonly ServiceReport[];
}
