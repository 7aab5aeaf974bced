// Runs a command of the table below: `node tools/run.mjs NAME [arguments]`. Needs only Node and npm: installs the
// dependencies if they don't match the lock file, builds if the command needs it, then starts the command.
import { spawn, spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { installedMatchesLock, rememberInstalled } from './installed.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

const COMMANDS = {
  demo: { entry: 'demo/main.ts', needsBuild: true },
  dev: { entry: 'tools/dev.ts', needsBuild: true },
  build: { needsBuild: true },
  'dev:servers': { entry: 'tools/dev-servers.ts', needsBuild: false },
  test: { entry: 'tools/test.ts', args: ['test'], needsBuild: true },
  'test:unit': { entry: 'tools/test.ts', args: ['test:unit'], needsBuild: false },
  'test:ci': { entry: 'tools/test.ts', args: ['test:ci'], needsBuild: true },
  'test:long': { entry: 'tools/test.ts', args: ['test:long'], needsBuild: true },
  'test:mutation': { entry: 'tools/mutation/main.mjs', needsBuild: false },
  provision: { entry: 'tools/provision.ts', needsBuild: true },
  token: { entry: 'tools/token.ts', needsBuild: true },
  openapi: { entry: 'tools/openapi.ts', needsBuild: true },
  graph: { entry: 'tools/graph.ts', needsBuild: true },
  soak: { entry: 'test/soak/main.ts', needsBuild: true },
  'soak:table': { entry: 'test/soak/table.ts', needsBuild: false },
  dbem: { entry: 'tools/cli/dbem.mjs', needsBuild: true },
  'contract:check': { entry: 'tools/contract/check.ts', needsBuild: true },
  bench: { entry: 'test/bench/main.ts', needsBuild: true },
  model: { entry: 'tools/models.ts', needsBuild: false },
  fuzz: { entry: 'tools/fuzz/main.ts', needsBuild: true },
  'bench:reconcile': { entry: 'test/bench/reconcile/main.ts', needsBuild: true },
  'console:screenshots': { entry: 'tools/console/screenshots.ts', needsBuild: true },
  'console:frames': { entry: 'test/console/frames.ts', needsBuild: true },
  check: { entry: 'tools/check.ts', needsBuild: false },
  'codec:generate': { entry: 'tools/generate-codec.ts', needsBuild: false },
};

const [name, ...args] = process.argv.slice(2);
const command = COMMANDS[name];
if (command === undefined) fail(`Usage: node tools/run.mjs ${Object.keys(COMMANDS).join('|')}`);

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) fail(`This needs Node 20.19 or later; this is ${process.version}.`);

if (!installedMatchesLock(root)) {
  console.log('The npm dependencies do not match package-lock.json: running npm ci.');
  rmSync(`${root}/node_modules`, { recursive: true, force: true });
  // npm passes its own settings to child processes in npm_* variables; a new npm process must not inherit them.
  const env = Object.fromEntries(Object.entries(process.env).filter(([key]) => !key.startsWith('npm_')));
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { env });
  rememberInstalled(root);
}
if (command.needsBuild) await build();
if (command.entry !== undefined)
  run(process.execPath, ['--import', 'tsx', command.entry, ...(command.args ?? []), ...args]);

/** Builds the console in parallel with everything else: the two are independent, and each uses one core. */
async function build() {
  const consoleBuild = spawn(process.execPath, ['tools/console/build.mjs'], { cwd: root, stdio: 'inherit' });
  const consoleBuilt = new Promise((resolve) => consoleBuild.once('exit', resolve));
  run(process.execPath, ['node_modules/typescript/bin/tsc', '-b']);
  const status = await consoleBuilt;
  if (status !== 0) process.exit(status ?? 1);
}

function run(program, programArgs, options = {}) {
  const { status, signal } = spawnSync(program, programArgs, { cwd: root, stdio: 'inherit', ...options });
  if (status !== 0) process.exit(status ?? (signal === 'SIGINT' ? 130 : 1));
}

function fail(message) {
  console.error(message);
  process.exit(2);
}
