import type { EntityType } from '@dbem/db-event';
import type { KeyRange, LookedAt, RangeDigest, RowDigest } from './comparison';

interface OfType {
  readonly entityType: EntityType;
}

interface Comparing extends OfType {
  /** What of an entity is compared, in this order. See `ReplicaProjection`. */
  readonly fields: readonly string[];
}

/** What the event manager may ask of a publisher: params and result of each method. Versions are decimal numbers. */
export interface SourceProtocol {
  /** How many entities there are, and the newest version among them. */
  'reconcile.source.describe': { params: OfType; result: { rows: number; newestVersion: string } };
  /** Cuts a range into ranges of `rows` entities, from its start, at most `limit` of them; `isEnd`: the last ends where the range does. */
  'reconcile.source.cut': {
    params: Comparing & { range: KeyRange; rows: number; limit: number };
    result: { ranges: RangeDigest[]; isEnd: boolean };
  };
  'reconcile.source.rows': { params: Comparing & { range: KeyRange; limit: number }; result: RowDigest[] };
  'reconcile.source.look': { params: Comparing & { entityIds: readonly string[] }; result: LookedAt[] };
  /** Sends the entities of a range, from its start, at most `limit`. `last`: where to go on; null: the range is done. */
  'reconcile.source.sendRange': {
    params: OfType & { recipient: string; range: KeyRange; limit: number };
    result: Sent & { last: string | null };
  };
  'reconcile.source.sendRows': { params: OfType & { recipient: string; rows: readonly RowToSend[] }; result: Sent };
  /** Removes ghosts from the recipient's replica. An entity that the source has after all is left. */
  'reconcile.source.bury': {
    params: OfType & { recipient: string; fields: readonly string[]; ghosts: readonly Ghost[] };
    result: Sent;
  };
}

export interface Sent {
  readonly rows: number;
  readonly bytes: number;
}

export interface RowToSend {
  readonly entityId: string;
  /** The replica holds the same version, but not its state. */
  readonly isRepair?: boolean;
  /** The replica holds this version, which is greater than the source's: the source goes past it. */
  readonly outrank?: string;
}

/** An entity that the replica has and the source has not. */
export interface Ghost {
  readonly entityId: string;
  /** Both as in `LookedAt`, of the replica. */
  readonly version: string | null;
  readonly values: readonly string[];
}
