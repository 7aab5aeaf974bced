import type { EntityType } from '@dbem/db-event';
import { IsInt, IsString, Min } from 'class-validator';
import { ListOf, Nested, Texts } from './checks';
import { KeyRange, RangeDigest, ReadState, RowDigest } from './comparison.dto';
import { listOf, one, RequestMethod } from './request-method';

export class ReplicaQuery {
  @IsString()
  readonly publisher!: string;

  /** Unknown types are accepted: the other end may be newer. */
  @IsString()
  readonly entityType!: EntityType;
}

class Compared extends ReplicaQuery {
  @Texts()
  readonly fields!: readonly string[];
}

export class ReplicaDescription {
  /** Fields that the replica can read: see `ReplicaProjection`. Empty: only versions can be compared. */
  @Texts()
  readonly fields!: readonly string[];
}

export class DigestQuery extends Compared {
  /** Contiguous and in order. */
  @ListOf(KeyRange)
  readonly ranges!: readonly KeyRange[];
}

export class ReplicaRowsQuery extends Compared {
  @Nested(KeyRange)
  readonly range!: KeyRange;

  @IsInt()
  @Min(1)
  readonly limit!: number;
}

export class ReplicaStatesQuery extends Compared {
  @Texts()
  readonly entityIds!: readonly string[];
}

/** Requests of a reconcile run to a replica. */
export const ComparedReplicaMethods = {
  describe: new RequestMethod('replica', 'reconcile.replica.describe', ReplicaQuery, one(ReplicaDescription)),
  digest: new RequestMethod('replica', 'reconcile.replica.digest', DigestQuery, listOf(RangeDigest)),
  rows: new RequestMethod('replica', 'reconcile.replica.rows', ReplicaRowsQuery, listOf(RowDigest)),
  readStates: new RequestMethod('replica', 'reconcile.replica.readStates', ReplicaStatesQuery, listOf(ReadState)),
};
