import { startServers } from '../tools/servers/servers';
import { RunningSystem } from './running-system';
import { sideBySide } from './side-by-side';
import { STORY } from './story/story';

const startedAt = Date.now();
const print = (line: string) => console.log(line);
const seconds = () => `${((Date.now() - startedAt) / 1_000).toFixed(1)} s`;

const stops: (() => Promise<void>)[] = [];
let isStopping = false;
let hasFailed = false;
let printedConsoleUrl: string | undefined;

async function stopAll(): Promise<void> {
  if (isStopping) return;
  isStopping = true;
  for (const stop of stops.reverse()) await stop();
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => void stopAll().then(() => process.exit(130)));
}

async function play(): Promise<void> {
  print('Starting RabbitMQ, ZooKeeper and PostgreSQL.');
  const servers = await startServers({ purpose: 'demo', print });
  stops.push(async () => {
    await servers.stop({ keepLogs: hasFailed });
    if (hasFailed) print(`   The logs are in ${servers.folder}.`);
  });
  const system = await RunningSystem.on(servers);
  stops.push(() => system.stop());
  print(`The servers are running (${seconds()}). Their logs are in ${servers.folder} until the demo ends.\n`);
  for (const [index, step] of STORY.entries()) {
    print(`${index + 1}. ${step.title}`);
    print(`   ✓ ${await step.play(system)} (${seconds()})`);
    printConsole(system);
  }
  print(`\nThe databases now contain:\n\n${await sideBySide(system)}\n`);
  print(`Every check passed. The demo took ${seconds()}.`);
}

/** The console's URL changes when another event manager takes over. */
function printConsole({ consoleUrl, adminToken }: RunningSystem): void {
  if (consoleUrl === undefined || consoleUrl === printedConsoleUrl) return;
  printedConsoleUrl = consoleUrl;
  print(`   Web console: ${consoleUrl} (token: ${adminToken}), until the demo ends; npm run dev keeps one running.`);
}

try {
  await play();
} catch (error) {
  if (!isStopping) console.error(`   ✗ ${(error as Error).stack ?? error}`);
  hasFailed = true;
  process.exitCode = 1;
} finally {
  await stopAll();
}
