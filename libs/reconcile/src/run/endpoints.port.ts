import type { KeyRange, Orphan, RangeDigest, ReadState, RowDigest, RowToSend, Sent } from '@dbem/transport';

/**
 * The publisher's entities of one type. Reading may be repeated at will; each answer is of one snapshot. Sending and burying may
 * be repeated as well: what arrives twice passes the version gate once. All reject with a DbEventError; a retryable one may
 * have been carried out all the same.
 */
export abstract class SourceEndpoint {
  abstract describe(): Promise<{ rows: number; newestVersion: string }>;
  /** Cuts a range, from its start, into at most `limit` ranges of `rows` entities, without gaps. */
  abstract split(
    fields: readonly string[],
    range: KeyRange,
    rows: number,
    limit: number,
  ): Promise<{ ranges: readonly RangeDigest[]; isEnd: boolean }>;
  abstract rows(fields: readonly string[], range: KeyRange, limit: number): Promise<readonly RowDigest[]>;
  abstract readStates(fields: readonly string[], entityIds: readonly string[]): Promise<readonly ReadState[]>;
  /** Sends the recipient about `limit` entities of a range, from its start. `last`: where to go on; null: it is done. */
  abstract sendRange(range: KeyRange, limit: number): Promise<Sent & { readonly last: string | null }>;
  abstract sendRows(rows: readonly RowToSend[]): Promise<Sent>;
  /** Removes from the recipient what the source does not have, not even in a transaction that is still open. */
  abstract deleteOrphans(fields: readonly string[], orphans: readonly Orphan[]): Promise<Sent>;
}

/** The replica of these entities. Only read. */
export abstract class ReplicaEndpoint {
  abstract describe(): Promise<{ fields: readonly string[] }>;
  /** Of ranges that join without a gap, in their order. */
  abstract digest(fields: readonly string[], ranges: readonly KeyRange[]): Promise<readonly RangeDigest[]>;
  abstract rows(fields: readonly string[], range: KeyRange, limit: number): Promise<readonly RowDigest[]>;
  abstract readStates(fields: readonly string[], entityIds: readonly string[]): Promise<readonly ReadState[]>;
}

/** How fast may be sent, and whether what was sent can have arrived. */
export abstract class Throttle {
  /** Resolves when so many rows more may be sent. Calls `keepOn` now and then while it waits, and rejects as that does. */
  abstract admit(rows: number, keepOn: () => Promise<void>): Promise<void>;
  /** Nothing waits on the way to the subscriber, or only what it is about to apply. False as well while nobody can tell. */
  abstract isClear(): Promise<boolean>;
}

export abstract class Clock {
  abstract now(): number;
  abstract pause(ms: number): Promise<void>;
}
