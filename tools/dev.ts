import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { prettyFactory } from 'pino-pretty';
import type { AppName } from './apps/app-process';
import { type Servers, startServers } from './servers/servers';
import { SampleTraffic } from './traffic/sample-traffic';

const READY_CHECK_INTERVAL_MS = 200;
const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PORTS: Readonly<Record<AppName, number>> = {
  'event-manager': 3000,
  profile: 3001,
  sharing: 3002,
  registry: 3003,
};
const COLOURS: Readonly<Record<string, number>> = {
  'event-manager': 35,
  profile: 36,
  sharing: 32,
  registry: 33,
  tsc: 90,
};

const adminToken = process.env.ADMIN_TOKEN ?? randomBytes(18).toString('base64url');
const children = new Set<ChildProcess>();
let servers: Servers | undefined;
let isStopping = false;
/** Sample data; DEV_TRAFFIC=0 turns it off. */
const traffic =
  process.env.DEV_TRAFFIC === '0'
    ? undefined
    : new SampleTraffic({ profileUrl: `http://127.0.0.1:${PORTS.profile}`, meanPauseMs: 400 });

/** Nest's own start-up lines. */
const BOOT_NOISE = /"context":"(InstanceLoader|RoutesResolver|RouterExplorer)"/;
const pretty = prettyFactory({ colorize: true, ignore: 'pid,hostname,name,context', singleLine: true });

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop());

servers = await startServers({ purpose: 'dev', print: console.log });
// Recompiles on changes; each app restarts when a file that it has loaded changes.
run('tsc', [`${ROOT}node_modules/typescript/bin/tsc`, '-b', '--watch', '--preserveWatchOutput'], {});
for (const app of Object.keys(PORTS) as AppName[]) {
  run(
    app,
    ['--watch', '--watch-preserve-output', `${ROOT}dist/apps/${app}/main.js`],
    await environmentOf(app, servers),
  );
}
await Promise.all(Object.values(PORTS).map(waitUntilReady));
if (!isStopping) {
  traffic?.start();
  printUrls(servers);
}

function run(name: string, args: string[], env: Record<string, string>): void {
  const child = spawn(process.execPath, args, { cwd: ROOT, env: { ...process.env, ...env }, detached: true });
  children.add(child);
  child.once('exit', () => children.delete(child));
  const prefix = `\u001b[${COLOURS[name]}m${name.padEnd(14)}\u001b[0m`;
  for (const output of [child.stdout, child.stderr]) {
    createInterface({ input: output }).on('line', (line) => {
      if (!BOOT_NOISE.test(line)) console.log(`${prefix} ${line.startsWith('{') ? pretty(line).trimEnd() : line}`);
    });
  }
}

async function waitUntilReady(port: number): Promise<void> {
  while (!isStopping) {
    const isReady = await fetch(`http://127.0.0.1:${port}/health/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isReady) return;
    await new Promise((resolve) => setTimeout(resolve, READY_CHECK_INTERVAL_MS));
  }
}

async function environmentOf(app: AppName, { amqpUrl, managementUrl, zooKeeperConnect, postgres }: Servers) {
  const management: Record<string, string> = managementUrl === undefined ? {} : { AMQP_MANAGEMENT_URL: managementUrl };
  const common = { AMQP_URL: amqpUrl, SERVICE_PORT: String(PORTS[app]) };
  if (app === 'event-manager')
    return { ...common, ZOOKEEPER_CONNECT: zooKeeperConnect, ADMIN_TOKEN: adminToken, ...management };
  const url = process.env[`${app.toUpperCase()}_DATABASE_URL`] ?? (await postgres?.createDatabase(app));
  return { ...common, DATABASE_URL: url ?? '' };
}

function printUrls({ amqpUrl, managementUrl, zooKeeperConnect, postgres }: Servers): void {
  console.log('');
  for (const [app, port] of Object.entries(PORTS)) {
    console.log(`  ${app.padEnd(14)} http://127.0.0.1:${port}      OpenAPI: http://127.0.0.1:${port}/api`);
  }
  console.log(`  console        http://127.0.0.1:${PORTS['event-manager']}/console      log in with the admin token`);
  console.log(`  admin token    ${adminToken}`);
  console.log(`  RabbitMQ       ${amqpUrl}      management: ${managementUrl ?? 'unknown'}`);
  console.log(`  ZooKeeper      ${zooKeeperConnect}`);
  if (postgres !== undefined) console.log(`  PostgreSQL     ${postgres.urlOf('profile')} (and sharing, registry)`);
  if (traffic !== undefined)
    console.log('  Sample traffic creates, changes and deletes users at profile; DEV_TRAFFIC=0 turns it off.');
  console.log('\n  Ctrl-C stops everything.\n');
}

async function stop(): Promise<void> {
  if (isStopping) return;
  isStopping = true;
  console.log('\nStopping.');
  await traffic?.stop();
  await Promise.all(
    [...children].map((child) => {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      // The whole process group: `node --watch` runs the app in a child process.
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
      return ended;
    }),
  );
  await servers?.stop();
  process.exit(0);
}
