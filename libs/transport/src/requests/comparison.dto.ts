import { IsBoolean, IsInt, IsString, Min } from 'class-validator';
import { Nullable, Texts, VersionText } from './checks';

/** A range of entity ids in byte order, from `after` (exclusive) to `to` (inclusive); null: unbounded. */
export class KeyRange {
  @Nullable()
  @IsString()
  readonly after!: string | null;

  @Nullable()
  @IsString()
  readonly to!: string | null;
}

/** A range in the source or the replica: digests are equal if and only if ids, versions and compared values are. */
export class RangeDigest extends KeyRange {
  @IsInt()
  @Min(0)
  readonly rows!: number;

  @IsString()
  readonly digest!: string;
}

export class RowDigest {
  @IsString()
  readonly entityId!: string;

  @IsString()
  readonly digest!: string;
}

/** The state of one entity in the source or the replica, read in one snapshot. */
export class ReadState {
  @IsString()
  readonly entityId!: string;

  /** A decimal number; null: no version is recorded. */
  @Nullable()
  @VersionText()
  readonly version!: string | null;

  /** The version is a tombstone's. */
  @IsBoolean()
  readonly isDeleted!: boolean;

  /** The row exists. */
  @IsBoolean()
  readonly isPresent!: boolean;

  /** The compared values as JSON, in the order of the compared fields; empty if the row does not exist. */
  @Texts()
  readonly values!: readonly string[];
}
