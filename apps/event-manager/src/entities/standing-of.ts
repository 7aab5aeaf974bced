import { judge } from '@dbem/reconcile';
import type { ReplicatedEntity, SourceEntity } from '@dbem/transport';
import type { DescribedEvent } from '../parked/parked.service';
import type { Answer, EntityLooks, Standing } from './entity-report';

export interface Found {
  readonly source: Answer<SourceEntity>;
  readonly answer: Answer<ReplicatedEntity>;
  readonly parked: readonly DescribedEvent[];
  readonly looks: EntityLooks | undefined;
}

/** See `STANDINGS`. */
export function standingOf({ source, answer, parked, looks }: Found): Standing {
  if ('reason' in answer) return 'unreachable';
  const { isHandled, version, deleted, held } = answer.result;
  if (!isHandled) return 'unhandled';
  const has = BigInt(version ?? 0);
  if (held !== null && BigInt(held.version) > has) return 'held';
  if (parked.some(({ content }) => content.version === undefined || content.version > has)) return 'parked';
  if (looks !== undefined) return standingBySight(looks);
  if ('reason' in source) return 'unknown';
  if (source.result.version === null) return version === null || deleted || has === 0n ? 'current' : 'different';
  const wanted = BigInt(source.result.version);
  if (has < wanted) return 'underway';
  return has === wanted && deleted === source.result.deleted ? 'current' : 'different';
}

function standingBySight({ replica, source }: EntityLooks): Standing {
  const judgement = judge(replica, source);
  if (judgement === 'equal') return 'current';
  const isOlder = source.version !== null && BigInt(replica.version ?? 0) < BigInt(source.version);
  // A row beside a tombstone, or without a version, was never published: no event of it is on its way.
  if (judgement === 'behind') return isOlder && !source.isDeleted ? 'underway' : 'different';
  if (judgement === 'extra') return isOlder ? 'underway' : 'different';
  return 'different';
}
