import type { ReadState, RowToSend } from '@dbem/transport';
import { type Classification, compareStates, kindOf } from './compare-states';
import type { Working } from './working';

const READ_BATCH_SIZE = 200;
const FIRST_PAUSE_MS = 100;
const MAX_PAUSE_MS = 1_000;
const MAX_TRIES = 3;
const BUSY_PAUSE_MS = 2_000;
/** After this time, assume that the subscriber will not catch up. */
const MAX_BUSY_MS = 10 * 60_000;

/** An entity that differed when it was compared. */
interface Suspect {
  readonly entityId: string;
  /** Since when it differs without a backlog that could explain it. */
  sinceMs: number;
  /** The source's version when it was first read. */
  firstVersion: string | null | undefined;
  tries: number;
  triedAtMs: number;
}

interface CheckedSuspect {
  readonly suspect: Suspect;
  readonly replica: ReadState;
  readonly source: ReadState;
  readonly classification: Classification;
}

/**
 * Reads entities that differed until each one is equal, or certainly different, or (in a repair or backfill) is
 * repaired or can't be. Changes in transit have `verifyAfterMs` to arrive, which begins when nothing waits for the
 * subscriber any more, so that rows behind a backlog are not regarded as lost or sent again. A row that keeps changing,
 * and whose replica follows, does not count as a difference.
 */
export async function verifySuspects(working: Working, entityIds: readonly string[]): Promise<void> {
  const sinceMs = working.clock.now();
  let open = entityIds.map(
    (entityId): Suspect => ({ entityId, sinceMs, firstVersion: undefined, tries: 0, triedAtMs: sinceMs }),
  );
  for (let pauseMs = FIRST_PAUSE_MS; open.length > 0; pauseMs = Math.min(2 * pauseMs, MAX_PAUSE_MS)) {
    const still: Suspect[] = [];
    for (let start = 0; start < open.length; start += READ_BATCH_SIZE) {
      still.push(...(await verifySome(working, open.slice(start, start + READ_BATCH_SIZE))));
    }
    open = still;
    if (open.length === 0) return;
    if ((await working.isClear()) || working.clock.now() - sinceMs > MAX_BUSY_MS) await working.clock.pause(pauseMs);
    else await waitOn(working, open);
  }
}

async function waitOn({ clock }: Working, suspects: readonly Suspect[]): Promise<void> {
  await clock.pause(BUSY_PAUSE_MS);
  for (const suspect of suspects) {
    suspect.sinceMs = clock.now();
    suspect.triedAtMs = clock.now();
  }
}

/** @returns those that must be read again. */
async function verifySome(working: Working, suspects: readonly Suspect[]): Promise<Suspect[]> {
  const still: Suspect[] = [];
  const toSend: RowToSend[] = [];
  const orphans: CheckedSuspect[] = [];
  for (const checked of await readSuspects(working, suspects)) {
    if (isDecided(working, checked)) continue;
    const { suspect, replica, classification } = checked;
    if (working.isRepairing && isDue(working, checked)) {
      if (suspect.tries === 0) working.counters.addFound(kindOf(replica, checked.source));
      suspect.tries += 1;
      suspect.triedAtMs = working.clock.now();
      if (classification === 'extra') orphans.push(checked);
      else toSend.push(rowToSend(checked));
    }
    still.push(suspect);
  }
  await working.sendRows(toSend);
  await working.deleteOrphans(
    orphans.map(({ replica: { entityId, values, version } }) => ({ entityId, values, version })),
  );
  return still;
}

async function readSuspects({ endpoints, fields }: Working, suspects: readonly Suspect[]): Promise<CheckedSuspect[]> {
  const entityIds = suspects.map(({ entityId }) => entityId);
  // The replica first: see `Classification`.
  const replicas = new Map(
    (await endpoints.replica.readStates(fields, entityIds)).map((state) => [state.entityId, state]),
  );
  const sources = new Map(
    (await endpoints.source.readStates(fields, entityIds)).map((state) => [state.entityId, state]),
  );
  return suspects.flatMap((suspect) => {
    const replica = replicas.get(suspect.entityId);
    const source = sources.get(suspect.entityId);
    return replica === undefined || source === undefined
      ? []
      : [{ suspect, replica, source, classification: compareStates(replica, source) }];
  });
}

/** Counts the row if it certainly differs. @returns whether it need not be read again. */
function isDecided({ isRepairing, counters, fields, clock, verifyAfterMs }: Working, checked: CheckedSuspect): boolean {
  const { suspect, replica, source, classification } = checked;
  if (classification === 'equal' || hasFollowed(checked)) return true;
  suspect.firstVersion ??= source.version;
  const isSure = classification === 'changed' || clock.now() - suspect.sinceMs >= verifyAfterMs;
  if (!isRepairing) {
    if (!isSure) return false;
    counters.addFound(kindOf(replica, source));
  } else {
    const isGivenUp = suspect.tries >= MAX_TRIES && clock.now() - suspect.triedAtMs >= verifyAfterMs;
    if (!isGivenUp) return false;
  }
  counters.addLeftRow(fields, replica, source);
  return true;
}

/** The replica has reached the version that the source had when it was first read: it follows. */
function hasFollowed({ suspect: { firstVersion }, replica, classification }: CheckedSuspect): boolean {
  if (classification !== 'behind' || firstVersion === undefined || firstVersion === null || replica.version === null)
    return false;
  return BigInt(replica.version) >= BigInt(firstVersion);
}

/** Whether to send the row now: waits for changes in transit, unless sending is harmless. */
function isDue({ clock, verifyAfterMs, isVerifying }: Working, { suspect, classification }: CheckedSuspect): boolean {
  if (suspect.tries >= MAX_TRIES) return false;
  if (suspect.tries > 0) return clock.now() - suspect.triedAtMs >= verifyAfterMs;
  if (classification === 'changed' || (classification === 'behind' && !isVerifying)) return true;
  return clock.now() - suspect.sinceMs >= verifyAfterMs;
}

function rowToSend({ replica: { entityId, version }, classification }: CheckedSuspect): RowToSend {
  if (classification === 'changed') return { entityId, isRepair: true };
  if (classification === 'ahead' && version !== null) return { entityId, outrank: version };
  return { entityId };
}
