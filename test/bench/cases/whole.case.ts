import { Meter } from '../harness/meter';
import type { World } from '../harness/world';
import type { Sample } from '../report/sample';
import { percentile } from '../report/statistics';
import type { BenchCase, Variant } from './bench-case';
import { backlogOf, startFloorPath, startOurPath, untilReplicated, type WholePath, type WholeWork } from './whole-path';

const USERS = 100_000;
const WRITERS = 10;

/**
 * The sustained run pauses its writers above this number of waiting changes, so that the backlog neither runs dry nor
 * grows.
 */
const MAX_WAITING = 5_000;
const CHECK_INTERVAL_MS = 250;
/** Share of the sustained run's memory samples that are the warm-up. */
const WARM_UP_SHARE = 0.2;

/** Measures from the first transaction until both replicas have all changes. */
export async function measureWhole(world: World, work: WholeWork, { writer, processes }: WholePath): Promise<Sample> {
  const meter = new Meter(world.processes(processes));
  writer.go();
  const { seconds: writing = Number.NaN } = await writer.done;
  await untilReplicated(world);
  const { seconds, usage } = meter.finish(work.events);
  return { eventsPerSecond: work.events / seconds, usage, figures: { writerEventsPerSecond: work.events / writing } };
}

/** Runs the path at full rate for some minutes; the writers are paused while too many changes wait. */
async function sustain(world: World, minutes: number, start: typeof startOurPath): Promise<Sample> {
  // More than any machine can write in that time; the writer is stopped after the time.
  const work: WholeWork = { events: 100_000 * 60 * minutes, users: USERS, writers: WRITERS };
  const path = await start(world, work);
  const meter = new Meter(world.processes(path.processes));
  const committed = () => countChanges(world);
  const before = await committed();
  const memory: Record<string, number>[] = [];
  path.writer.go();
  while (meter.elapsedSeconds < minutes * 60) {
    path.writer.setPaused((await backlogOf(world)) > MAX_WAITING);
    memory.push(meter.memory());
    await new Promise((resolve) => setTimeout(resolve, CHECK_INTERVAL_MS));
  }
  const events = (await committed()) - before - (await backlogOf(world));
  const { seconds, usage } = meter.finish(events);
  return { eventsPerSecond: events / seconds, usage, figures: growth(memory) };
}

/** Row changes at profile, from PostgreSQL's own counters. */
async function countChanges(world: World): Promise<number> {
  const { rows } = await world
    .pool('profile')
    .query(`SELECT n_tup_upd::float8 AS count FROM pg_stat_user_tables WHERE relname = 'profile_user'`);
  return rows[0].count;
}

/** Memory growth after the warm-up, MiB by process; the difference of the medians of the last and the first tenth. */
function growth(memory: readonly Record<string, number>[]): Record<string, number> {
  const steady = memory.slice(Math.floor(memory.length * WARM_UP_SHARE));
  const tenth = Math.max(Math.floor(steady.length / 10), 1);
  const of = (part: readonly Record<string, number>[], name: string) =>
    percentile(
      part.map((sample) => sample[name] ?? 0),
      50,
    );
  return Object.fromEntries(
    Object.keys(memory[0] ?? {}).map((name) => [
      `${name}GrowthMiB`,
      of(steady.slice(-tenth), name) - of(steady.slice(0, tenth), name),
    ]),
  );
}

export const wholeCase: BenchCase = {
  name: 'whole',
  goal: { rate: 0.7, cpu: 1.5, other: 'constant memory over 10 minutes (--minutes 10)' },
  variants({ events = 100_000, minutes }) {
    const work: WholeWork = { events, users: Math.min(USERS, events), writers: WRITERS };
    const singleRuns: Variant[] = [
      { point: '', side: 'ours', run: async (world) => measureWhole(world, work, await startOurPath(world, work)) },
      { point: '', side: 'floor', run: async (world) => measureWhole(world, work, await startFloorPath(world, work)) },
    ];
    if (minutes === undefined) return singleRuns;
    const point = `${minutes} minutes`;
    return [
      ...singleRuns,
      { point, side: 'ours', run: (world) => sustain(world, minutes, startOurPath) },
      { point, side: 'floor', run: (world) => sustain(world, minutes, startFloorPath) },
    ];
  },
};
