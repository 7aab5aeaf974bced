import { performance } from 'node:perf_hooks';
import type { WriterConfig } from '../drivers/writer';
import type { World } from '../harness/world';
import type { Sample } from '../report/sample';
import type { BenchCase } from './bench-case';
import { backlogOf, startOurPath, untilReplicated, writeConfigOf } from './whole-path';

const WRITERS = 10;
const USERS = 100_000;
const BURST_SECONDS = 10;
/** The sustained rate as a share of the whole path's rate; ten times the sustained rate must exceed the path's rate. */
const SUSTAINED_SHARE = 0.25;
const PER_TRANSACTION = 100;
const CHECK_INTERVAL_MS = 100;

/** Measures the path's maximum rate, then a burst on top of the sustained rate, then the sustained rate alone. */
async function measure(world: World, events: number): Promise<Sample> {
  const work = { events, users: USERS / 2, writers: WRITERS };
  const { writer } = await startOurPath(world, { ...work, users: USERS });
  const startedAtMs = performance.now();
  writer.go();
  await writer.done;
  await untilReplicated(world);
  const wholeRate = events / ((performance.now() - startedAtMs) / 1000);

  const sustainedRate = wholeRate * SUSTAINED_SHARE;
  // Enough for twice the time of burst and draining; the writer is stopped afterwards.
  const sustained = await startWriter(world, { ...work, events: Math.ceil(sustainedRate * 600), rate: sustainedRate });
  const burst = await startWriter(world, {
    ...work,
    events: Math.ceil(9 * sustainedRate * BURST_SECONDS),
    firstUser: USERS / 2,
    rate: 9 * sustainedRate,
    perTransaction: PER_TRANSACTION,
  });
  sustained.go();
  burst.go();
  await burst.done;
  const burstEndedAtMs = performance.now();
  const backlog = await backlogOf(world);
  while ((await backlogOf(world)) > sustainedRate / 2)
    await new Promise((resolve) => setTimeout(resolve, CHECK_INTERVAL_MS));
  const drainSeconds = (performance.now() - burstEndedAtMs) / 1000;
  await sustained.stop();
  await untilReplicated(world);
  const drainRate = backlog / drainSeconds + sustainedRate;
  return {
    eventsPerSecond: drainRate,
    figures: { wholeRate, ofWholeRate: drainRate / wholeRate, backlog, drainSeconds, parked: await parkedIn(world) },
  };
}

function startWriter(world: World, work: Parameters<typeof writeConfigOf>[1]) {
  const config: WriterConfig = { ...writeConfigOf(world, work), protocol: 'outbox' };
  return world.startProgram('drivers/writer.ts', config);
}

async function parkedIn(world: World): Promise<number> {
  const queues = ['db.event.parked', 'sharing.parked', 'registry.parked'];
  const depths = await Promise.all(queues.map((queue) => world.probe.depth(queue)));
  return depths.reduce((sum, depth) => sum + depth, 0);
}

export const burstCase: BenchCase = {
  name: 'burst',
  goal: { other: 'drains at ≥ 0.9 × the whole path’s rate, nothing parked' },
  variants: ({ events = 30_000 }) => [{ point: '', side: 'ours', run: (world) => measure(world, events) }],
};
