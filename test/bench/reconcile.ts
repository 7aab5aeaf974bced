// `npm run bench:reconcile -- --rows 1000000`: fills an empty replica, then audits it while it is equal; on servers and processes
// of its own. Prints rows a second, bytes sent, and the peak memory of every process.
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { RunningSystem } from '../../demo/running-system';
import type { AppName } from '../../demo/story/story-system';
import { startServers } from '../../tools/servers/servers';

const KEY = { publisher: 'user.profile', subscriber: 'sharing', entityType: 'USER_PROFILE' };
const UNTHROTTLED = { maxRowsPerSecond: 1_000_000, maxQueueDepth: 5_000 };
const APPS: readonly AppName[] = ['event-manager', 'profile', 'sharing'];
const LOOK_INTERVAL_MS = 500;

interface Run {
  readonly id: string;
  readonly state: string;
  readonly pass: number;
  readonly compared: number;
  readonly sent: number;
  readonly sentBytes: number;
  readonly statement?: string;
}

const { values } = parseArgs({ options: { rows: { type: 'string', default: '1000000' } } });
const rows = Number(values.rows);
void bench();

async function bench(): Promise<void> {
  const servers = await startServers({ purpose: 'bench', say: (line) => console.log(line) });
  const system = await RunningSystem.on(servers);
  try {
    for (const app of APPS) await system.startApp(app);
    const { profile, sharing } = system.databases;
    await profile.query(
      `INSERT INTO profile_user (user_id, gateway_id, first_name, last_name, emails, state, created_ms, last_access_ms, valid_until_ms)
       SELECT 'user' || lpad(g::text, 9, '0'), 'gw', 'First' || g, 'Last' || g, ARRAY['user' || g || '@example.org'], 'ACTIVE', g, g, 0
       FROM generate_series(1, $1::int) g`,
      [rows],
    );
    await profile.query('VACUUM ANALYZE profile_user');
    await carryOut(system, 'backfill');
    const { rows: held } = await sharing.query('SELECT count(*) AS count FROM sharing_user');
    console.log(`the replica holds ${held[0].count} of ${rows} rows`);
    await carryOut(system, 'audit');
  } finally {
    await system.stop();
    await servers.stop();
  }
}

async function carryOut(system: RunningSystem, kind: 'backfill' | 'audit'): Promise<void> {
  const [manager] = system.instancesOf('event-manager');
  if (manager === undefined) throw new Error('no event manager runs');
  const { api } = manager;
  const startedAtMs = Date.now();
  const { id } = await api.post<Run>('/admin/v1/reconcile', { ...KEY, kind, ...UNTHROTTLED });
  let filledAtMs: number | undefined;
  for (;;) {
    const run = await api.get<Run>(`/admin/v1/reconcile/${id}`);
    if (run.pass > 1) filledAtMs ??= Date.now();
    if (run.state === 'done') {
      const seconds = (Date.now() - startedAtMs) / 1_000;
      console.log(
        `${kind}: ${rows} rows in ${seconds.toFixed(1)} s, ${Math.round(rows / seconds)} rows/s: ${run.statement}`,
      );
      if (filledAtMs !== undefined) {
        const filling = (filledAtMs - startedAtMs) / 1_000;
        console.log(
          `  of this, filling: ${filling.toFixed(1)} s, ${Math.round(rows / filling)} rows/s; the rest compared again`,
        );
      }
      console.log(`  sent ${run.sent} rows, ${run.sentBytes} bytes; peak memory: ${peakMemory(system)}`);
      return;
    }
    if (run.state === 'failed') throw new Error(`the run failed: ${JSON.stringify(run)}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_INTERVAL_MS));
  }
}

/** Of each process since its start, as Linux counts it. */
function peakMemory(system: RunningSystem): string {
  return APPS.flatMap((app) => system.instancesOf(app).map(({ pid }) => `${app} ${peakMegabytes(pid)} MB`)).join(', ');
}

function peakMegabytes(pid: number): number {
  const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Math.round(Number(peak?.[1]) / 1_024);
}
