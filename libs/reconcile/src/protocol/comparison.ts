/** Keys are entity ids in byte order. From `after` (not included) to `to` (included); null: open. */
export interface KeyRange {
  readonly after: string | null;
  readonly to: string | null;
}

/** What a side holds of a range: equal on both sides if, and only if, ids, versions and compared values are. */
export interface RangeDigest extends KeyRange {
  readonly rows: number;
  readonly digest: string;
}

export interface RowDigest {
  readonly entityId: string;
  readonly digest: string;
}

/** One entity as a side has it, read in one snapshot. */
export interface LookedAt {
  readonly entityId: string;
  /** A decimal number; null: the side has noted none. */
  readonly version: string | null;
  /** The version is a tombstone's. */
  readonly isDeleted: boolean;
  /** There is a row. */
  readonly isPresent: boolean;
  /** The compared values as JSON, in the order of the compared fields; empty if there is no row. */
  readonly values: readonly string[];
}
