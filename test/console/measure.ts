import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { AppProcess } from '../../tools/apps/app-process';
import { startServers } from '../../tools/servers/servers';
import { cpuSecondsOf, residentBytesOf } from '../bench/harness/process-tree';
import { createMapRoot } from '../bench/harness/seed-map';
import { EventStreamReader } from '../support/http/event-stream';
import { GeneratedSystem } from './generated-system';

/**
 * Measures the load of the console on an event manager with many services:
 * `npx tsx test/console/measure.ts [--services N] [--subscriptions N] [--events N] [--listeners N] [--hold]`.
 * With --hold the system stays up until Ctrl+C, at the printed URL.
 */
const TOKEN = 'the-token-of-the-measurement';
const WINDOW_MS = 20_000;

const { values } = parseArgs({
  options: {
    services: { type: 'string', default: '200' },
    subscriptions: { type: 'string', default: '2000' },
    events: { type: 'string', default: '20' },
    listeners: { type: 'string', default: '5' },
    hold: { type: 'boolean', default: false },
  },
});

const log = (text: string) => console.log(text);
const servers = await startServers({ purpose: 'console', print: log });
const zooKeeperConnect = await createMapRoot(servers.zooKeeperConnect, '/generated');
const system = new GeneratedSystem({
  amqpUrl: servers.amqpUrl,
  zooKeeperConnect,
  services: Number(values.services),
  subscriptions: Number(values.subscriptions),
  eventsPerS: Number(values.events),
});
await system.seed();
const manager = await AppProcess.start({
  app: 'event-manager',
  env: {
    AMQP_URL: servers.amqpUrl,
    ...(servers.managementUrl !== undefined && { AMQP_MANAGEMENT_URL: servers.managementUrl }),
    ZOOKEEPER_CONNECT: zooKeeperConnect,
    ADMIN_TOKEN: TOKEN,
    ADMIN_RATE_LIMIT: '100000',
  },
  logFolder: servers.folder,
});
try {
  await manager.waitUntilReady();
  const startedAtMs = Date.now();
  await system.start();
  log(
    `${values.services} services and ${values.subscriptions} subscriptions are up after ${secondsSince(startedAtMs)} s`,
  );
  if (values.hold) {
    log(`${manager.url}/console, token ${TOKEN}`);
    await new Promise((resolve) => process.once('SIGINT', resolve));
  } else await measure();
} finally {
  await system.stop();
  await manager.stop();
  await servers.stop();
}
process.exit(0);

async function measure(): Promise<void> {
  await pause(10_000);
  await report('no viewers', async () => pause(WINDOW_MS));
  await report('GET /admin/v1/topology once per second', async () => {
    const times: number[] = [];
    let size = 0;
    for (let number = 0; number < WINDOW_MS / 1_000; number += 1) {
      const atMs = performance.now();
      size = (await get('/admin/v1/topology')).length;
      times.push(performance.now() - atMs);
      await pause(1_000);
    }
    times.sort((left, right) => left - right);
    log(`  ${size} bytes; ${times[times.length >> 1]?.toFixed(1)} ms median, ${times.at(-1)?.toFixed(1)} ms longest`);
  });
  const flowAtMs = performance.now();
  const flow = await get('/admin/v1/flow');
  log(`GET /admin/v1/flow, one hour: ${flow.length} bytes in ${(performance.now() - flowAtMs).toFixed(1)} ms`);
  await report(`${values.listeners} listeners of /admin/v1/live`, async () => {
    const listeners = await Promise.all(
      Array.from({ length: Number(values.listeners) }, () =>
        EventStreamReader.open(`${manager.url}/admin/v1/live`, TOKEN),
      ),
    );
    await pause(WINDOW_MS);
    const [{ events } = { events: [] }] = listeners;
    const sizes = events.map(({ data }) => JSON.stringify(data).length);
    const changes = sizes.slice(1);
    const mean = changes.reduce((sum, size) => sum + size, 0) / Math.max(changes.length, 1);
    log(`  snapshot of ${sizes[0]} bytes, then ${changes.length} changes of ${Math.round(mean)} bytes on average`);
    for (const listener of listeners) listener.close();
  });
}

async function report(name: string, work: () => Promise<unknown>): Promise<void> {
  log(name);
  const startedAtMs = Date.now();
  const cpuBefore = cpuSecondsOf(manager.pid);
  await work();
  const cpu = ((cpuSecondsOf(manager.pid) - cpuBefore) / secondsSince(startedAtMs)) * 100;
  log(`  event manager: ${cpu.toFixed(1)} % of a core, ${Math.round(residentBytesOf(manager.pid) / 2 ** 20)} MiB`);
}

async function get(path: string): Promise<string> {
  const response = await fetch(`${manager.url}${path}`, { headers: { authorization: `Bearer ${TOKEN}` } });
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
  return response.text();
}

function secondsSince(sinceMs: number): number {
  return Math.round((Date.now() - sinceMs) / 100) / 10;
}
