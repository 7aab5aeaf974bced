// `npm run bench:reconcile -- --rows 1000000`: backfills an empty replica under live traffic, then audits the equal
// replica, with its own servers and processes. Prints rows per second, bytes sent, and CPU time and peak memory of
// every process.
import { RunningSystem } from '../../../demo/running-system';
import type { AppName } from '../../../demo/story/story-system';
import { startServers } from '../../../tools/servers/servers';
import { Meter, type Processes } from '../harness/meter';
import { childrenOf } from '../harness/process-tree';
import { LiveTraffic } from './live-traffic';
import { type MeasuredRun, measureRun, untilFirstBackfillIsDone } from './measure-run';
import { readOptions, USAGE } from './options';

const UNTHROTTLED = { maxRowsPerSecond: 1_000_000, maxQueueDepth: 5_000 };
const APPS: readonly AppName[] = ['event-manager', 'profile', 'sharing'];
const QUIET_MS = 10_000;

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130));
void bench().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error, `\n${USAGE}`);
  process.exitCode = 1;
});

async function bench(): Promise<void> {
  const { rows, liveRate, isThrottled, isProfiled } = readOptions(process.argv.slice(2));
  const servers = await startServers({ purpose: 'bench-reconcile', print: (line) => console.log(line) });
  const nodeArguments = isProfiled ? ['--cpu-prof', `--cpu-prof-dir=${servers.folder}/profiles`] : [];
  const system = await RunningSystem.on(servers, nodeArguments);
  try {
    for (const app of APPS) await system.startApp(app);
    const api = (app: AppName) => {
      const [instance] = system.instancesOf(app);
      if (instance === undefined) throw new Error(`${app} is not running`);
      return instance.api;
    };
    await untilFirstBackfillIsDone(api('event-manager'));
    const { profile, sharing } = system.databases;
    await profile.query(
      `INSERT INTO profile_user (user_id, gateway_id, first_name, last_name, emails, state, created_ms, last_access_ms, valid_until_ms)
       SELECT 'user' || lpad(g::text, 9, '0'), 'gw', 'First' || g, 'Last' || g, ARRAY['user' || g || '@example.org'], 'ACTIVE', g, g, 0
       FROM generate_series(1, $1::int) g`,
      [rows],
    );
    await profile.query('VACUUM ANALYZE profile_user');

    const traffic = (name: string) => new LiveTraffic(api('profile'), api('sharing'), name, liveRate);
    const before = traffic('before');
    await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
    console.log(`before: ${await before.finish()}`);

    const processes = processesOf(system);
    const measured = async (kind: 'backfill' | 'audit') => {
      const meter = new Meter(processes);
      const live = traffic(kind);
      const done = await measureRun(api('event-manager'), kind, isThrottled ? {} : UNTHROTTLED).finally(() =>
        live.end(),
      );
      const { usage } = meter.finish(rows);
      report(kind, rows, done);
      for (const [name, { cpuSecondsPer100k, peakMiB }] of Object.entries(usage)) {
        console.log(`  ${name}: ${cpuSecondsPer100k.toFixed(1)} CPU s per 100,000 rows, peak ${peakMiB} MiB`);
      }
      console.log(`  meanwhile: ${await live.finish()}`);
    };
    await measured('backfill');
    const { rows: replicated } = await sharing.query(
      "SELECT count(*) AS count FROM sharing_user WHERE user_id LIKE 'user%'",
    );
    console.log(`the replica has ${replicated[0].count} of ${rows} rows`);
    await measured('audit');
  } finally {
    await system.stop();
    await servers.stop({ keepLogs: isProfiled });
  }
}

function report(kind: string, rows: number, { run, seconds, fillingSeconds }: MeasuredRun): void {
  console.log(
    `${kind}: ${rows} rows in ${seconds.toFixed(1)} s, ${Math.round(rows / seconds)} rows/s: ${run.statement}`,
  );
  if (fillingSeconds !== undefined) {
    const rate = Math.round(rows / fillingSeconds);
    console.log(`  of which sending: ${fillingSeconds.toFixed(1)} s, ${rate} rows/s; the second pass compared again`);
  }
  console.log(`  sent ${run.sent} rows, ${run.sentBytes} bytes`);
}

/** The apps, and the servers that are child processes; servers that run elsewhere are not measured. */
function processesOf(system: RunningSystem): Processes {
  return {
    ...Object.fromEntries(APPS.map((app) => [app, system.instancesOf(app).map(({ pid }) => pid)])),
    broker: childrenOf(process.pid, 'rabbitmq'),
    postgres: childrenOf(process.pid, 'postgres'),
    zookeeper: childrenOf(process.pid, 'zookeeper'),
  };
}
