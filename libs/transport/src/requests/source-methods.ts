import type { EntityType } from '@dbem/db-event';
import { IsBoolean, IsInt, IsOptional, IsString, Min } from 'class-validator';
import { ListOf, Nested, Nullable, Texts, VersionText } from './checks';
import { KeyRange, RangeDigest, ReadState, RowDigest } from './comparison.dto';
import { listOf, one, RequestMethod } from './request-method';

export class OfSource {
  /** Not only those that are known here: the other end may be newer. */
  @IsString()
  readonly entityType!: EntityType;
}

class Compared extends OfSource {
  /** What of an entity is compared, in this order. See `ReplicaProjection`. */
  @Texts()
  readonly fields!: readonly string[];
}

export class SourceDescription {
  /** How many entities there are. */
  @IsInt()
  readonly rows!: number;

  /** Among them; a decimal number. */
  @VersionText()
  readonly newestVersion!: string;
}

export class SplitQuery extends Compared {
  @Nested(KeyRange)
  readonly range!: KeyRange;

  /** Of a range that is cut off. */
  @IsInt()
  @Min(1)
  readonly rows!: number;

  /** Most ranges. */
  @IsInt()
  @Min(1)
  readonly limit!: number;
}

export class SplitRanges {
  @ListOf(RangeDigest)
  readonly ranges!: readonly RangeDigest[];

  /** The last range ends where the whole one does. */
  @IsBoolean()
  readonly isEnd!: boolean;
}

export class SourceRowsQuery extends Compared {
  @Nested(KeyRange)
  readonly range!: KeyRange;

  @IsInt()
  @Min(1)
  readonly limit!: number;
}

export class SourceStatesQuery extends Compared {
  @Texts()
  readonly entityIds!: readonly string[];
}

export class RangeToSend extends OfSource {
  @IsString()
  readonly recipient!: string;

  @Nested(KeyRange)
  readonly range!: KeyRange;

  /** Most entities, from the range's start. */
  @IsInt()
  @Min(1)
  readonly limit!: number;
}

export class Sent {
  @IsInt()
  readonly rows!: number;

  @IsInt()
  readonly bytes!: number;
}

export class SentOfRange extends Sent {
  /** Where to go on; null: the range is done. */
  @Nullable()
  @IsString()
  readonly last!: string | null;
}

export class RowToSend {
  @IsString()
  readonly entityId!: string;

  /** The replica holds the same version, but not its state. */
  @IsOptional()
  @IsBoolean()
  readonly isRepair?: boolean;

  /** The replica holds this version, which is greater than the source's: the source goes past it. */
  @IsOptional()
  @VersionText()
  readonly outrank?: string;
}

export class RowsToSend extends OfSource {
  @IsString()
  readonly recipient!: string;

  @ListOf(RowToSend)
  readonly rows!: readonly RowToSend[];
}

/** An entity that the replica has and the source has not. */
export class Orphan {
  @IsString()
  readonly entityId!: string;

  /** As in `ReadState`, of the replica; so are the values. */
  @Nullable()
  @VersionText()
  readonly version!: string | null;

  @Texts()
  readonly values!: readonly string[];
}

export class OrphansToDelete extends Compared {
  @IsString()
  readonly recipient!: string;

  @ListOf(Orphan)
  readonly orphans!: readonly Orphan[];
}

/** What a run of reconcile asks of a publisher. */
export const SourceMethods = {
  describe: new RequestMethod('publisher', 'reconcile.source.describe', OfSource, one(SourceDescription)),
  /** Cuts a range into ranges of `rows` entities, from its start. */
  split: new RequestMethod('publisher', 'reconcile.source.split', SplitQuery, one(SplitRanges)),
  rows: new RequestMethod('publisher', 'reconcile.source.rows', SourceRowsQuery, listOf(RowDigest)),
  readStates: new RequestMethod('publisher', 'reconcile.source.readStates', SourceStatesQuery, listOf(ReadState)),
  sendRange: new RequestMethod('publisher', 'reconcile.source.sendRange', RangeToSend, one(SentOfRange)),
  sendRows: new RequestMethod('publisher', 'reconcile.source.sendRows', RowsToSend, one(Sent)),
  /** Removes orphans from the recipient's replica. An entity that the source has after all is left. */
  deleteOrphans: new RequestMethod('publisher', 'reconcile.source.deleteOrphans', OrphansToDelete, one(Sent)),
};
