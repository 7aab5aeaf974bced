// npm runs this after an install in the checkout. Builds the libraries, which the apps import as packages.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { rememberInstalled } from './installed.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const compiler = 'node_modules/typescript/bin/tsc';

// Without the development dependencies there is no compiler; production runs what was built before.
if (existsSync(new URL(`../${compiler}`, import.meta.url))) {
  const libraries = ['libs/outbox', 'libs/replica', 'libs/routing', 'libs/subscription-registry'];
  const { status } = spawnSync(process.execPath, [compiler, '-b', ...libraries], { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
  rememberInstalled(root);
}
