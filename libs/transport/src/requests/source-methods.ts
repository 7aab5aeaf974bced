import type { EntityType } from '@dbem/db-event';
import { IsBoolean, IsInt, IsOptional, IsString, Min } from 'class-validator';
import { ListOf, Nested, Nullable, Texts, VersionText } from './checks';
import { KeyRange, RangeDigest, ReadState, RowDigest } from './comparison.dto';
import { listOf, one, RequestMethod } from './request-method';

export class SourceQuery {
  /** Unknown types are accepted: the other end may be newer. */
  @IsString()
  readonly entityType!: EntityType;
}

class Compared extends SourceQuery {
  /** The compared fields, in this order. See `ReplicaProjection`. */
  @Texts()
  readonly fields!: readonly string[];
}

export class SourceDescription {
  /** Number of entities. */
  @IsInt()
  readonly rows!: number;

  /** The newest version of any of them, a decimal number. */
  @VersionText()
  readonly newestVersion!: string;
}

export class SplitQuery extends Compared {
  @Nested(KeyRange)
  readonly range!: KeyRange;

  /** Entities per split range. */
  @IsInt()
  @Min(1)
  readonly rows!: number;

  /** Maximum number of ranges. */
  @IsInt()
  @Min(1)
  readonly limit!: number;
}

export class SplitRanges {
  @ListOf(RangeDigest)
  readonly ranges!: readonly RangeDigest[];

  /** The last range reaches the end of the requested range. */
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

export class RangeToSend extends SourceQuery {
  @IsString()
  readonly recipient!: string;

  @Nested(KeyRange)
  readonly range!: KeyRange;

  /** Maximum number of entities, from the start of the range. */
  @IsInt()
  @Min(1)
  readonly limit!: number;
}

export class SendResult {
  @IsInt()
  readonly rows!: number;

  @IsInt()
  readonly bytes!: number;
}

export class SendRangeResult extends SendResult {
  /** The last entity sent, to continue after; null: the range is complete. */
  @Nullable()
  @IsString()
  readonly last!: string | null;
}

export class RowToSend {
  @IsString()
  readonly entityId!: string;

  /** The replica has the same version but a different state. */
  @IsOptional()
  @IsBoolean()
  readonly isRepair?: boolean;

  /** The replica's version, which is greater than the source's: the source publishes an even greater one. */
  @IsOptional()
  @VersionText()
  readonly outrank?: string;
}

export class RowsToSend extends SourceQuery {
  @IsString()
  readonly recipient!: string;

  @ListOf(RowToSend)
  readonly rows!: readonly RowToSend[];
}

/** An entity that exists in the replica but not in the source. */
export class Orphan {
  @IsString()
  readonly entityId!: string;

  /** Version and values in the replica, as in `ReadState`. */
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

/** Requests of a reconcile run to a publisher. */
export const SourceMethods = {
  describe: new RequestMethod('publisher', 'reconcile.source.describe', SourceQuery, one(SourceDescription)),
  /** Splits a range, from its start, into ranges of `rows` entities. */
  split: new RequestMethod('publisher', 'reconcile.source.split', SplitQuery, one(SplitRanges)),
  rows: new RequestMethod('publisher', 'reconcile.source.rows', SourceRowsQuery, listOf(RowDigest)),
  readStates: new RequestMethod('publisher', 'reconcile.source.readStates', SourceStatesQuery, listOf(ReadState)),
  sendRange: new RequestMethod('publisher', 'reconcile.source.sendRange', RangeToSend, one(SendRangeResult)),
  sendRows: new RequestMethod('publisher', 'reconcile.source.sendRows', RowsToSend, one(SendResult)),
  /** Deletes orphans from the recipient's replica. An entity that exists in the source by now is kept. */
  deleteOrphans: new RequestMethod('publisher', 'reconcile.source.deleteOrphans', OrphansToDelete, one(SendResult)),
};
