import type { ReplicaVersion } from '@dbem/transport';
import type { Pool } from 'pg';
import type { DecodedEvent } from '../events/decoded-event';
import { heldVersions } from '../postgres/replica-versions';

/** What an event is to the replica as it is now. */
export type GateVerdict = 'stale' | 'duplicate' | 'newer';

/** Of each event, by what the version gate has noted of its entity. */
export async function gateVerdictsOf(
  pool: Pool,
  events: readonly DecodedEvent[],
): Promise<ReadonlyMap<DecodedEvent, GateVerdict>> {
  const present = await heldVersions(
    pool,
    events.map(({ change }) => change),
  );
  return new Map(events.map((event, index) => [event, gateVerdictOf(event, present[index] ?? undefined)]));
}

function gateVerdictOf(
  { change: { version }, firstFailedAt }: DecodedEvent,
  replica: ReplicaVersion | undefined,
): GateVerdict {
  if (replica === undefined) return 'newer';
  if (version === undefined) {
    const isStale = (replica.arrivedAtMs ?? 0) > (firstFailedAt?.getTime() ?? Number.POSITIVE_INFINITY);
    return isStale ? 'stale' : 'newer';
  }
  const present = BigInt(replica.version);
  if (present < version) return 'newer';
  return present === version ? 'duplicate' : 'stale';
}
