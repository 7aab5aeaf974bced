import { spawnSync } from 'node:child_process';

export interface NeededProgram {
  /** What people call it. */
  readonly name: string;
  /** Debian's package. */
  readonly debianPackage: string;
  /** Where it is to be had otherwise. */
  readonly otherwise: string;
  isThere(): boolean;
}

/**
 * Installs with apt-get what is not there, where that is allowed; says before what, and how to do without.
 *
 * @throws Error that names what to install, where it is not allowed.
 */
export function ensureInstalled(programs: readonly NeededProgram[], say: (line: string) => void): void {
  const missing = programs.filter((program) => !program.isThere());
  if (missing.length === 0) return;
  const packages = missing.map(({ debianPackage }) => debianPackage);
  const otherwise = missing.map(({ name, otherwise }) => `  ${name}: ${otherwise}`).join('\n');
  const prefix = aptPrefix();
  if (prefix === undefined) {
    throw new Error(
      `Missing on this machine: ${missing.map(({ name }) => name).join(', ')}.\n` +
        `Install them (Debian, Ubuntu: apt-get install ${packages.join(' ')}), or do without:\n${otherwise}`,
    );
  }
  say(`Installing the system packages ${packages.join(', ')} with apt-get.`);
  say(`To do without (DBEM_NO_INSTALL=1 forbids it):\n${otherwise}`);
  run([...prefix, 'apt-get', 'update', '-qq']);
  run([...prefix, 'apt-get', 'install', '-y', '-qq', '--no-install-recommends', ...packages]);
  const stillMissing = missing.filter((program) => !program.isThere());
  if (stillMissing.length > 0) {
    throw new Error(
      `apt-get installed ${packages.join(', ')}, yet ${stillMissing[0]?.name} is not where Debian puts it.`,
    );
  }
}

/** What comes before `apt-get`; undefined where we may not install. */
function aptPrefix(): string[] | undefined {
  if (process.env['DBEM_NO_INSTALL'] !== undefined) return undefined;
  if (spawnSync('apt-get', ['--version']).status !== 0) return undefined;
  if (process.getuid?.() === 0) return [];
  return spawnSync('sudo', ['-n', 'true']).status === 0 ? ['sudo', '-n', 'DEBIAN_FRONTEND=noninteractive'] : undefined;
}

function run([command = '', ...args]: string[]): void {
  const { status, stdout, stderr } = spawnSync(command, args, {
    encoding: 'utf8',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed:\n${stdout}${stderr}`);
}
