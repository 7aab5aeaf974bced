import { readFileSync, rmSync } from 'node:fs';
import { VisibleChanges } from '../harness/visible-changes';
import type { World } from '../harness/world';
import type { Sample } from '../report/sample';
import { percentile } from '../report/statistics';
import type { BenchCase } from './bench-case';
import { LogicalReplication } from './logical-replication';
import { REPLICAS, startFloorPath, startOurPath, type WholePath, type WholeWork } from './whole-path';

const WRITERS = 8;

/** Not measured: until their code is compiled, five programs that have just started take four times as long. */
const WARM_UP_SECONDS = 20;

/** Measures from a commit at profile until the row is visible in both replicas. */
async function measure(
  world: World,
  work: WholeWork,
  { writer }: WholePath,
  tables: readonly string[],
): Promise<Sample> {
  const visible = await Promise.all(
    REPLICAS.map((service, index) => VisibleChanges.watch(world.urlOf(service), tables[index] as string)),
  );
  writer.go();
  const { transactionP50Ms = Number.NaN } = await writer.done;
  await Promise.all(visible.map((replica) => replica.untilSeen(work.events)));
  const commitTimesFile = work.commitTimesFile as string;
  const commitTimes: number[] = JSON.parse(readFileSync(commitTimesFile, 'utf8'));
  rmSync(commitTimesFile);
  const latencies = commitTimes
    .map((committedAt, index) => Math.max(...visible.map((replica) => replica.seenAt(index) - committedAt)))
    .slice(WARM_UP_SECONDS * (work.rate ?? 0));
  await Promise.all(visible.map((replica) => replica.stop()));
  return {
    figures: {
      p50Ms: percentile(latencies, 50),
      p99Ms: percentile(latencies, 99),
      maxMs: Math.max(...latencies),
      transactionP50Ms,
    },
  };
}

function workOf(world: World, rate: number, seconds: number): WholeWork {
  const events = Math.round(rate * (WARM_UP_SECONDS + seconds));
  return {
    events,
    users: 10_000,
    writers: WRITERS,
    rate,
    commitTimesFile: `${world.stage.servers.folder}/commit-times.json`,
  };
}

/**
 * The Java original's protocol: how long a service waits in its transaction for the event manager's acknowledgement.
 */
async function confirmThenCommit(world: World, rate: number, seconds: number): Promise<Sample> {
  const work = { ...workOf(world, rate, seconds) };
  const { writer } = await startOurPath(world, work, 'confirm-then-commit');
  writer.go();
  const { acknowledgedP50Ms = Number.NaN, acknowledgedP99Ms = Number.NaN } = await writer.done;
  return { figures: { acknowledgedP50Ms, acknowledgedP99Ms } };
}

export const latencyCase: BenchCase = {
  name: 'latency',
  goal: { other: 'p50 ≤ 2 ×, p99 ≤ 3 × PostgreSQL’s logical replication between databases of one server' },
  variants: ({ rate, seconds }) => [
    {
      point: '',
      side: 'ours',
      async run(world) {
        const work = workOf(world, rate, seconds);
        return measure(world, work, await startOurPath(world, work), ['sharing_user', 'registry_user']);
      },
    },
    {
      point: '',
      side: 'floor',
      async run(world) {
        const work = workOf(world, rate, seconds);
        const replication = await LogicalReplication.start(world, work);
        try {
          return await measure(world, work, replication.path, ['profile_user', 'profile_user']);
        } finally {
          await replication.stop();
        }
      },
    },
    {
      // The cost of two durable queues, whatever is between them.
      point: '',
      side: 'floors of publish, route and apply',
      async run(world) {
        const work = workOf(world, rate, seconds);
        return measure(world, work, await startFloorPath(world, work), ['sharing_user', 'registry_user']);
      },
    },
    {
      point: 'confirm-then-commit',
      side: 'ours',
      run: (world) => confirmThenCommit(world, rate, seconds),
    },
  ],
};
