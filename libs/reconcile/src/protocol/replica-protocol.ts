import type { EntityType } from '@dbem/db-event';
import type { KeyRange, LookedAt, RangeDigest, RowDigest } from './comparison';

interface OfReplica {
  readonly publisher: string;
  readonly entityType: EntityType;
}

interface Comparing extends OfReplica {
  readonly fields: readonly string[];
}

/** What the event manager may ask of a holder of replicas: params and result of each method. */
export interface ReplicaProtocol {
  /** What of an entity the replica can show: see `ReplicaProjection`. Empty: only versions. */
  'reconcile.replica.describe': { params: OfReplica; result: { fields: string[] } };
  /** Of ranges that join without a gap, in their order. */
  'reconcile.replica.digest': { params: Comparing & { ranges: readonly KeyRange[] }; result: RangeDigest[] };
  'reconcile.replica.rows': { params: Comparing & { range: KeyRange; limit: number }; result: RowDigest[] };
  'reconcile.replica.look': { params: Comparing & { entityIds: readonly string[] }; result: LookedAt[] };
}
