import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('../../.local/promtool', import.meta.url));
const OWN = join(FOLDER, 'usr', 'bin', 'promtool');

/**
 * Finds Prometheus' tool for rules: on the PATH, or from Debian's package, unpacked into the checkout. The package is
 * not installed, because it would start a server.
 *
 * @returns undefined if it can't be found or downloaded (`DBEM_NO_INSTALL`, not Debian, no network).
 */
export function findPromtool(print: (line: string) => void): string | undefined {
  if (spawnSync('promtool', ['--version']).status === 0) return 'promtool';
  if (existsSync(OWN)) return OWN;
  if (process.env['DBEM_NO_INSTALL'] !== undefined || spawnSync('apt-get', ['--version']).status !== 0)
    return undefined;
  print('Downloading promtool from the system package prometheus with apt-get (DBEM_NO_INSTALL=1 prevents this).');
  mkdirSync(FOLDER, { recursive: true });
  for (const [command, ...args] of [
    ['apt-get', 'download', '-q', 'prometheus'],
    ['sh', '-c', 'dpkg-deb --fsys-tarfile prometheus_*.deb | tar -x ./usr/bin/promtool'],
  ] as const) {
    if (spawnSync(command, args, { cwd: FOLDER }).status !== 0) break;
  }
  for (const file of readdirSync(FOLDER)) if (file.endsWith('.deb')) rmSync(join(FOLDER, file));
  return existsSync(OWN) ? OWN : undefined;
}
