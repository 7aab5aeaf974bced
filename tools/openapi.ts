import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * Writes each app's OpenAPI document to docs/openapi; with --check fails if one is out of date. Each built app is
 * loaded in its own process, because only the compiled code has the type metadata for the document.
 */
const APPS = ['event-manager', 'profile', 'registry', 'sharing'];
const root = fileURLToPath(new URL('..', import.meta.url));
const isCheck = process.argv.includes('--check');

mkdirSync(`${root}docs/openapi`, { recursive: true });
const stale = APPS.filter((app) => {
  const document = describe(app);
  const path = `${root}docs/openapi/${app}.json`;
  if (document === contentOf(path)) return false;
  if (!isCheck) writeFileSync(path, document);
  return true;
});
if (!isCheck) writeClient();
if (stale.length === 0) console.log('The OpenAPI documents are up to date.');
else if (!isCheck) console.log(`Wrote docs/openapi for ${stale.join(', ')}.`);
else {
  console.error(`docs/openapi is out of date for ${stale.join(', ')}: run "npm run openapi".`);
  process.exitCode = 1;
}

/** The console and the command line use types generated from the event manager's document. */
function writeClient(): void {
  const { status } = spawnSync(process.execPath, ['tools/openapi/generate-client.mjs'], {
    cwd: root,
    stdio: 'inherit',
  });
  if (status !== 0) throw new Error('Can’t generate the types of the admin API.');
}

function describe(app: string): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['tools/openapi/describe.mjs', app], {
    cwd: root,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] },
  });
  if (status !== 0) throw new Error(`Can’t generate the OpenAPI document of ${app}:\n${stdout}${stderr}`);
  return stdout;
}

function contentOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
