import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('../../.local/promtool', import.meta.url));
const OWN = join(FOLDER, 'usr', 'bin', 'promtool');

/**
 * Prometheus' own tool for rules: the one on the PATH, or that of Debian's package, unpacked into the checkout. It is not
 * installed: the package would start a server.
 *
 * @returns undefined where there is none and it can't be had (`DBEM_NO_INSTALL`, no Debian, no network).
 */
export function findPromtool(say: (line: string) => void): string | undefined {
  if (spawnSync('promtool', ['--version']).status === 0) return 'promtool';
  if (existsSync(OWN)) return OWN;
  if (process.env['DBEM_NO_INSTALL'] !== undefined || spawnSync('apt-get', ['--version']).status !== 0)
    return undefined;
  say('Fetching promtool, out of the system package prometheus, with apt-get (DBEM_NO_INSTALL=1 forbids it).');
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
