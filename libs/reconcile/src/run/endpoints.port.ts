import type { KeyRange, Orphan, RangeDigest, ReadState, RowDigest, RowToSend, SendResult } from '@dbem/transport';

/**
 * The publisher's entities of one type. All methods may be repeated: each read returns one snapshot, and an event that
 * arrives twice passes the version gate once. All reject with a DbEventError; after a retryable one, the call may have
 * succeeded.
 */
export abstract class SourceEndpoint {
  abstract describe(): Promise<{ rows: number; newestVersion: string }>;
  /** Splits a range, from its start, into at most `limit` ranges of `rows` entities, without gaps. */
  abstract split(
    fields: readonly string[],
    range: KeyRange,
    rows: number,
    limit: number,
  ): Promise<{ ranges: readonly RangeDigest[]; isEnd: boolean }>;
  abstract rows(fields: readonly string[], range: KeyRange, limit: number): Promise<readonly RowDigest[]>;
  abstract readStates(fields: readonly string[], entityIds: readonly string[]): Promise<readonly ReadState[]>;
  /**
   * Sends the recipient about `limit` entities of a range, from its start. `last`: the key to continue after; null:
   * done.
   */
  abstract sendRange(range: KeyRange, limit: number): Promise<SendResult & { readonly last: string | null }>;
  abstract sendRows(rows: readonly RowToSend[]): Promise<SendResult>;
  /** Deletes from the recipient the entities that the source does not have, not even in an open transaction. */
  abstract deleteOrphans(fields: readonly string[], orphans: readonly Orphan[]): Promise<SendResult>;
}

/** The replica of these entities. Read-only. */
export abstract class ReplicaEndpoint {
  abstract describe(): Promise<{ fields: readonly string[] }>;
  /** @param ranges adjacent, in order. */
  abstract digest(fields: readonly string[], ranges: readonly KeyRange[]): Promise<readonly RangeDigest[]>;
  abstract rows(fields: readonly string[], range: KeyRange, limit: number): Promise<readonly RowDigest[]>;
  abstract readStates(fields: readonly string[], entityIds: readonly string[]): Promise<readonly ReadState[]>;
}

/** Limits the rate of sending, and knows whether the rows sent can have arrived. */
export abstract class Throttle {
  /** Resolves when `rows` more may be sent. Calls `keepOn` periodically while it waits, and rejects if that rejects. */
  abstract admit(rows: number, keepOn: () => Promise<void>): Promise<void>;
  /** True if nothing waits for the subscriber, except what it is about to apply. False also if that is unknown. */
  abstract isClear(): Promise<boolean>;
}

export abstract class Clock {
  abstract now(): number;
  abstract pause(ms: number): Promise<void>;
}
