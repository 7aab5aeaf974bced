import { Checker } from './checker/checker';
import type { Finding, Violation } from './checker/finding';
import { EpisodeRunner } from './episode-runner';
import { Duplicator } from './faults/duplicator';
import { Injector } from './faults/injector';
import { recordStates, recordSteps } from './history/record-history';
import { CHANGED_KINDS, RECORDED_TABLES } from './history/states';
import type { SoakOptions } from './options';
import { parkedMessages } from './parked';
import { convergence } from './quiet-check';
import { Random } from './random';
import { Recovery } from './recovery';
import { memoryTrend } from './report/memory-trend';
import { RecoveryTimes } from './report/recovery-times';
import type { SoakResult } from './report/result';
import { schedule } from './schedule/schedule';
import { SERVICES } from './system/instances';
import { SoakSystem } from './system/soak-system';
import { Timeline } from './timeline';
import { Watch } from './watch';
import { Target } from './workload/target';
import { Workload } from './workload/workload';

/** After this number of episodes the writes stop, and the replicas must become equal to their sources. */
const EPISODES_BETWEEN_CHECKS = 12;

export interface SoakRun extends Omit<SoakOptions, 'json'> {
  /** Folder for the servers' data and the apps' logs. */
  readonly folder: string;
  readonly print: (line: string) => void;
  /** Ends the faults early; the final check still runs. */
  readonly signal?: AbortSignal;
}

/**
 * Starts its own system, injects faults while several writers write to it, and checks the databases at the end.
 *
 *   starting -> (episode -> recovery)*, periodic checks without writes -> final check of rows and history -> stopped
 */
export async function soak({ minutes, seed, writers, folder, print, signal }: SoakRun): Promise<SoakResult> {
  const startedAt = new Date().toISOString();
  const random = new Random(seed);
  const system = await SoakSystem.start(folder);
  try {
    await record(system);
    const timeline = new Timeline(print);
    const watch = new Watch(system, timeline);
    const duplicator = new Duplicator(system.rabbitMq.amqpUrl, random.fork('recorded events'));
    const target = new Target(system);
    const recovery = new Recovery(system, target);
    const times = new RecoveryTimes();
    const injector = new Injector(system, duplicator, random.fork('duplicates sent'));
    const runner = new EpisodeRunner(injector, recovery, times, timeline);
    const checker = new Checker((service) => system.database(service));
    const workload = new Workload(target, random, writers);
    const stuck: string[] = [];

    watch.start();
    duplicator.start();
    await recovery.prepare();
    workload.start();
    let findings: Finding[] = [];
    for (const episode of schedule(random.fork('schedule'))) {
      if (timeline.elapsedMs > minutes * 60_000 || signal?.aborted) break;
      const missing = await runner.run(episode);
      if (missing !== undefined) {
        stuck.push(missing);
        break;
      }
      if (episode.number % EPISODES_BETWEEN_CHECKS !== 0) continue;
      findings = await quietCheck(workload, checker, timeline);
      if (findings.length > 0) break;
      workload.start();
    }
    if (findings.length === 0) findings = await quietCheck(workload, checker, timeline);
    findings.push(...(await checker.checkHistory()));
    const parked = await parkedMessages(system.rabbitMq);
    await watch.stop();
    await duplicator.stop();
    const count = (violation: Violation) => findings.filter((finding) => finding.violation === violation).length;
    return {
      seed,
      minutes,
      startedAt,
      node: process.version,
      changes: await changesIn(system),
      writes: target.counts,
      duplicates: duplicator.sent,
      episodes: runner.done.length,
      faults: runner.faults,
      lost: count('lost'),
      doubled: count('doubled'),
      backwards: count('backwards'),
      phantom: count('phantom'),
      parked,
      unexpectedExits: watch.unexpectedExits.length,
      stuck,
      findings,
      recovery: times.summary(),
      memory: Object.fromEntries([...watch.memory].sort().map(([name, samples]) => [name, memoryTrend(samples)])),
      schedule: runner.done,
      timeline: timeline.entries,
    };
  } finally {
    await system.stop();
  }
}

async function record(system: SoakSystem): Promise<void> {
  for (const service of SERVICES) {
    const tables = RECORDED_TABLES.filter(({ database }) => database === service);
    await recordStates(system.database(service), tables);
    if (service !== 'profile') await recordSteps(system.database(service));
  }
}

async function quietCheck(workload: Workload, checker: Checker, timeline: Timeline): Promise<Finding[]> {
  await workload.halt();
  const { tookMs, findings } = await convergence(checker);
  const took = `${(tookMs / 1_000).toFixed(1)} s`;
  timeline.note(
    findings.length === 0
      ? `writes stopped: every replica equals its source after ${took}`
      : `writes stopped: ${findings.length} rows still differ after ${took}`,
  );
  return findings;
}

async function changesIn(system: SoakSystem): Promise<number> {
  let changes = 0;
  for (const { database, kind } of CHANGED_KINDS) {
    const { rows } = await system
      .database(database)
      .query<{ changes: number }>('SELECT count(*)::int AS changes FROM soak.state WHERE kind = $1', [kind]);
    changes += rows[0]?.changes ?? 0;
  }
  return changes;
}
