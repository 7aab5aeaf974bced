import type { HeldVersion } from '@dbem/transport';
import type { Pool } from 'pg';
import type { DecodedEvent } from '../events/decoded-event';
import { heldVersions } from '../postgres/held-versions';

/** What an event is to the replica as it is now. */
export type Standing = 'stale' | 'duplicate' | 'news';

/** Of each event, by what the version gate has noted of its entity. */
export async function standingsOf(
  pool: Pool,
  events: readonly DecodedEvent[],
): Promise<ReadonlyMap<DecodedEvent, Standing>> {
  const held = await heldVersions(
    pool,
    events.map(({ change }) => change),
  );
  return new Map(events.map((event, index) => [event, standingOf(event, held[index] ?? undefined)]));
}

function standingOf({ change: { version }, firstFailedAt }: DecodedEvent, held: HeldVersion | undefined): Standing {
  if (held === undefined) return 'news';
  if (version === undefined) {
    const isOvertaken = (held.arrivedAtMs ?? 0) > (firstFailedAt?.getTime() ?? Number.POSITIVE_INFINITY);
    return isOvertaken ? 'stale' : 'news';
  }
  const present = BigInt(held.version);
  if (present < version) return 'news';
  return present === version ? 'duplicate' : 'stale';
}
