// Builds the web console into dist/apps/console, unless what is there was built from the same sources.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SOURCES = 'apps/console';
const MARK = join(ROOT, 'dist/apps/console/.built-from');

const sources = hashOfSources();
if (!existsSync(MARK) || readFileSync(MARK, 'utf8') !== sources) {
  // Only now: loading the bundler takes longer than finding out that it is not needed.
  const { build } = await import('vite');
  await build({ configFile: join(ROOT, SOURCES, 'vite.config.mts'), logLevel: 'warn' });
  writeFileSync(MARK, sources);
}

function hashOfSources() {
  const hash = createHash('sha256');
  const files = readdirSync(join(ROOT, SOURCES), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\.spec\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  for (const file of [...files, join(ROOT, 'package-lock.json')]) {
    hash.update(file.slice(ROOT.length)).update('\0').update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex');
}
