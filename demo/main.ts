import { startServers } from '../tools/servers/servers';
import { RunningSystem } from './running-system';
import { sideBySide } from './side-by-side';
import { STORY } from './story/story';

const startedAt = Date.now();
const say = (line: string) => console.log(line);
const seconds = () => `${((Date.now() - startedAt) / 1_000).toFixed(1)} s`;

const stops: (() => Promise<void>)[] = [];
let isStopping = false;
let hasFailed = false;
let toldConsoleUrl: string | undefined;

async function stopAll(): Promise<void> {
  if (isStopping) return;
  isStopping = true;
  for (const stop of stops.reverse()) await stop();
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => void stopAll().then(() => process.exit(130)));
}

async function play(): Promise<void> {
  say('Starting RabbitMQ, ZooKeeper and PostgreSQL.');
  const servers = await startServers({ purpose: 'demo', say });
  stops.push(async () => {
    await servers.stop({ keepLogs: hasFailed });
    if (hasFailed) say(`   The logs are in ${servers.folder}.`);
  });
  const system = await RunningSystem.on(servers);
  stops.push(() => system.stop());
  say(`They are up (${seconds()}). Logs are in ${servers.folder} until the end.\n`);
  for (const [index, step] of STORY.entries()) {
    say(`${index + 1}. ${step.title}`);
    say(`   ✓ ${await step.play(system)} (${seconds()})`);
    printConsole(system);
  }
  say(`\nWhat the databases hold:\n\n${await sideBySide(system)}\n`);
  say(`Every check held. The story took ${seconds()}.`);
}

/** The console is at whichever event manager runs. */
function printConsole({ consoleUrl, adminToken }: RunningSystem): void {
  if (consoleUrl === undefined || consoleUrl === toldConsoleUrl) return;
  toldConsoleUrl = consoleUrl;
  say(`   Watch the rest of it at ${consoleUrl} (token: ${adminToken}); npm run dev leaves it open.`);
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
