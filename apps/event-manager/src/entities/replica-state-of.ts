import { judge } from '@dbem/reconcile';
import type { ReplicatedEntity, SourceEntity } from '@dbem/transport';
import type { DescribedEvent } from '../parked/parked.service';
import type { Answer, EntityReads, ReplicaState } from './entity-report';

export interface Found {
  readonly source: Answer<SourceEntity>;
  readonly answer: Answer<ReplicatedEntity>;
  readonly parked: readonly DescribedEvent[];
  readonly looks: EntityReads | undefined;
}

/** See `REPLICA_STATES`. */
export function replicaStateOf({ source, answer, parked, looks }: Found): ReplicaState {
  if ('reason' in answer) return 'unreachable';
  const { isHandled, version, deleted, deferred } = answer.result;
  if (!isHandled) return 'unhandled';
  const has = BigInt(version ?? 0);
  if (deferred !== null && BigInt(deferred.version) > has) return 'deferred';
  if (parked.some(({ content }) => content.version === undefined || content.version > has)) return 'parked';
  if (looks !== undefined) return stateByReads(looks);
  if ('reason' in source) return 'unknown';
  if (source.result.version === null) return version === null || deleted || has === 0n ? 'current' : 'different';
  const wanted = BigInt(source.result.version);
  if (has < wanted) return 'underway';
  return has === wanted && deleted === source.result.deleted ? 'current' : 'different';
}

function stateByReads({ replica, source }: EntityReads): ReplicaState {
  const judgement = judge(replica, source);
  if (judgement === 'equal') return 'current';
  const isOlder = source.version !== null && BigInt(replica.version ?? 0) < BigInt(source.version);
  // A row beside a tombstone, or without a version, was never published: no event of it is on its way.
  if (judgement === 'behind') return isOlder && !source.isDeleted ? 'underway' : 'different';
  if (judgement === 'extra') return isOlder ? 'underway' : 'different';
  return 'different';
}
