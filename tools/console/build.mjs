// Builds the web console into dist/apps/console, unless it was already built from the same sources.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SOURCES = 'apps/console';
const HASH_FILE = join(ROOT, 'dist/apps/console/.built-from');

const hash = hashOfSources();
if (!existsSync(HASH_FILE) || readFileSync(HASH_FILE, 'utf8') !== hash) {
  // Imported only when needed: loading the bundler takes longer than the check.
  const { build } = await import('vite');
  await build({ configFile: join(ROOT, SOURCES, 'vite.config.mts'), logLevel: 'warn' });
  writeFileSync(HASH_FILE, hash);
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
