import { compareStates } from '@dbem/reconcile';
import type { ReplicatedEntity, SourceEntity } from '@dbem/transport';
import type { DescribedEvent } from '../parked/parked.service';
import type { Answer, EntityReads, ReplicaState } from './entity-report';

export interface Found {
  readonly source: Answer<SourceEntity>;
  readonly answer: Answer<ReplicatedEntity>;
  readonly parked: readonly DescribedEvent[];
  readonly reads: EntityReads | undefined;
}

/** See `REPLICA_STATES`. */
export function replicaStateOf({ source, answer, parked, reads }: Found): ReplicaState {
  if ('reason' in answer) return 'unreachable';
  const { isHandled, version, deleted, deferred } = answer.result;
  if (!isHandled) return 'unhandled';
  const current = BigInt(version ?? 0);
  if (deferred !== null && BigInt(deferred.version) > current) return 'deferred';
  if (parked.some(({ content }) => content.version === undefined || content.version > current)) return 'parked';
  if (reads !== undefined) return stateByReads(reads);
  if ('reason' in source) return 'unknown';
  if (source.result.version === null) return version === null || deleted || current === 0n ? 'current' : 'different';
  const expected = BigInt(source.result.version);
  if (current < expected) return 'underway';
  return current === expected && deleted === source.result.deleted ? 'current' : 'different';
}

function stateByReads({ replica, source }: EntityReads): ReplicaState {
  const comparison = compareStates(replica, source);
  if (comparison === 'equal') return 'current';
  const isOlder = source.version !== null && BigInt(replica.version ?? 0) < BigInt(source.version);
  // A source row with a tombstone, or without a version, was never published, so no event of it is on its way.
  if (comparison === 'behind') return isOlder && !source.isDeleted ? 'underway' : 'different';
  if (comparison === 'extra') return isOlder ? 'underway' : 'different';
  return 'different';
}
