import type { ReplicaVersion } from '@dbem/transport';
import type { Pool } from 'pg';
import type { DecodedEvent } from '../events/decoded-event';
import { replicaVersionsOf } from '../postgres/replica-versions';

/** How the version gate would classify an event by the current state of the replica. */
export type GateVerdict = 'stale' | 'duplicate' | 'newer';

/** Compares each event with the version of its entity in the replica. */
export async function gateVerdictsOf(
  pool: Pool,
  events: readonly DecodedEvent[],
): Promise<ReadonlyMap<DecodedEvent, GateVerdict>> {
  const present = await replicaVersionsOf(
    pool,
    events.map(({ change }) => change),
  );
  return new Map(events.map((event, index) => [event, gateVerdictOf(event, present[index] ?? undefined)]));
}

function gateVerdictOf(
  { change: { version }, arrival }: DecodedEvent,
  replica: ReplicaVersion | undefined,
): GateVerdict {
  if (replica === undefined) return 'newer';
  if (version !== undefined) return compared(version, BigInt(replica.version));
  if (arrival === undefined || replica.arrival === null) return 'newer';
  return compared(arrival, BigInt(replica.arrival));
}

function compared(own: bigint, present: bigint): GateVerdict {
  if (present < own) return 'newer';
  return present === own ? 'duplicate' : 'stale';
}
