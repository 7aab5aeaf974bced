import type { ReadState, RowToSend } from '@dbem/transport';
import { type Classification, compareStates, kindOf } from './compare-states';
import type { Working } from './working';

const READ_BATCH_SIZE = 200;
const FIRST_PAUSE_MS = 100;
const MAX_PAUSE_MS = 1_000;
const MAX_TRIES = 3;
const BUSY_PAUSE_MS = 2_000;
/** A subscriber that has not caught up by then may never do so. */
const MAX_BUSY_MS = 10 * 60_000;

/** An entity that differed, with what was seen of it. */
interface Suspect {
  readonly entityId: string;
  /** Since when it differs, or something else was known to be on its way. */
  sinceMs: number;
  /** The source's version at the first look. */
  firstVersion: string | null | undefined;
  tries: number;
  triedAtMs: number;
}

interface Look {
  readonly suspect: Suspect;
  readonly replica: ReadState;
  readonly source: ReadState;
  readonly judgement: Classification;
}

/**
 * Looks at entities that differed until each is equal, or surely differs, or (in a healing run) is healed or can't be. What may
 * be on its way is given `verifyAfterMs`, which begins when nothing waits for the subscriber any more: what was sent behind a
 * backlog is neither lost nor sent again. A row that keeps changing, and whose replica follows, is no difference.
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

/** @returns those that must be looked at again. */
async function verifySome(working: Working, suspects: readonly Suspect[]): Promise<Suspect[]> {
  const still: Suspect[] = [];
  const toSend: RowToSend[] = [];
  const orphans: Look[] = [];
  for (const look of await lookAt(working, suspects)) {
    if (isSettled(working, look)) continue;
    const { suspect, replica, judgement } = look;
    if (working.isHealing && isDue(working, look)) {
      if (suspect.tries === 0) working.counters.find(kindOf(replica, look.source));
      suspect.tries += 1;
      suspect.triedAtMs = working.clock.now();
      if (judgement === 'extra') orphans.push(look);
      else toSend.push(rowToSend(look));
    }
    still.push(suspect);
  }
  await working.sendRows(toSend);
  await working.deleteOrphans(
    orphans.map(({ replica: { entityId, values, version } }) => ({ entityId, values, version })),
  );
  return still;
}

async function lookAt({ endpoints, fields }: Working, suspects: readonly Suspect[]): Promise<Look[]> {
  const entityIds = suspects.map(({ entityId }) => entityId);
  // The replica first: see `judge`.
  const replicas = new Map(
    (await endpoints.replica.readStates(fields, entityIds)).map((look) => [look.entityId, look]),
  );
  const sources = new Map((await endpoints.source.readStates(fields, entityIds)).map((look) => [look.entityId, look]));
  return suspects.flatMap((suspect) => {
    const replica = replicas.get(suspect.entityId);
    const source = sources.get(suspect.entityId);
    return replica === undefined || source === undefined
      ? []
      : [{ suspect, replica, source, judgement: compareStates(replica, source) }];
  });
}

/** Settled rows that differ are counted here. */
function isSettled({ isHealing, counters, fields, clock, verifyAfterMs }: Working, look: Look): boolean {
  const { suspect, replica, source, judgement } = look;
  if (judgement === 'equal' || hasFollowed(look)) return true;
  suspect.firstVersion ??= source.version;
  const isSure = judgement === 'changed' || clock.now() - suspect.sinceMs >= verifyAfterMs;
  if (!isHealing) {
    if (!isSure) return false;
    counters.find(kindOf(replica, source));
  } else {
    const isGivenUp = suspect.tries >= MAX_TRIES && clock.now() - suspect.triedAtMs >= verifyAfterMs;
    if (!isGivenUp) return false;
  }
  counters.leaveRow(fields, replica, source);
  return true;
}

/** The replica has reached what the source had when it was first looked at: it follows. */
function hasFollowed({ suspect: { firstVersion }, replica, judgement }: Look): boolean {
  if (judgement !== 'behind' || firstVersion === undefined || firstVersion === null || replica.version === null)
    return false;
  return BigInt(replica.version) >= BigInt(firstVersion);
}

/** What may be cured by waiting is waited for, unless sending does no harm. */
function isDue({ clock, verifyAfterMs, isVerifying }: Working, { suspect, judgement }: Look): boolean {
  if (suspect.tries >= MAX_TRIES) return false;
  if (suspect.tries > 0) return clock.now() - suspect.triedAtMs >= verifyAfterMs;
  if (judgement === 'changed' || (judgement === 'behind' && !isVerifying)) return true;
  return clock.now() - suspect.sinceMs >= verifyAfterMs;
}

function rowToSend({ replica: { entityId, version }, judgement }: Look): RowToSend {
  if (judgement === 'changed') return { entityId, isRepair: true };
  if (judgement === 'ahead' && version !== null) return { entityId, outrank: version };
  return { entityId };
}
