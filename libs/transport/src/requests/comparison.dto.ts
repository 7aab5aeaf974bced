import { IsBoolean, IsInt, IsString, Min } from 'class-validator';
import { Nullable, Texts, VersionText } from './checks';

/** Keys are entity ids in byte order. From `after` (not included) to `to` (included); null: open. */
export class KeyRange {
  @Nullable()
  @IsString()
  readonly after!: string | null;

  @Nullable()
  @IsString()
  readonly to!: string | null;
}

/** What a side holds of a range: equal on both sides if, and only if, ids, versions and compared values are. */
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

/** One entity as a side has it, read in one snapshot. */
export class ReadState {
  @IsString()
  readonly entityId!: string;

  /** A decimal number; null: the side has noted none. */
  @Nullable()
  @VersionText()
  readonly version!: string | null;

  /** The version is a tombstone's. */
  @IsBoolean()
  readonly isDeleted!: boolean;

  /** There is a row. */
  @IsBoolean()
  readonly isPresent!: boolean;

  /** The compared values as JSON, in the order of the compared fields; empty if there is no row. */
  @Texts()
  readonly values!: readonly string[];
}
