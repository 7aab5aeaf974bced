import { spawnSync } from 'node:child_process';

export interface NeededProgram {
  /** Display name. */
  readonly name: string;
  /** Debian's package name. */
  readonly debianPackage: string;
  /** What to do instead of installing the package. */
  readonly otherwise: string;
  isThere(): boolean;
}

/**
 * Installs missing programs with apt-get, if that is allowed. Prints first what it installs, and the alternatives.
 *
 * @throws Error that names the packages to install, if it is not allowed.
 */
export function ensureInstalled(programs: readonly NeededProgram[], print: (line: string) => void): void {
  const missing = programs.filter((program) => !program.isThere());
  if (missing.length === 0) return;
  const packages = missing.map(({ debianPackage }) => debianPackage);
  const alternatives = missing.map(({ name, otherwise }) => `  ${name}: ${otherwise}`).join('\n');
  const prefix = aptPrefix();
  if (prefix === undefined) {
    throw new Error(
      `Missing on this machine: ${missing.map(({ name }) => name).join(', ')}.\n` +
        `Install them (Debian, Ubuntu: apt-get install ${packages.join(' ')}), or instead:\n${alternatives}`,
    );
  }
  print(`Installing the system packages ${packages.join(', ')} with apt-get.`);
  print(`DBEM_NO_INSTALL=1 prevents this. Alternatives:\n${alternatives}`);
  run([...prefix, 'apt-get', 'update', '-qq']);
  run([...prefix, 'apt-get', 'install', '-y', '-qq', '--no-install-recommends', ...packages]);
  const stillMissing = missing.filter((program) => !program.isThere());
  if (stillMissing.length > 0) {
    throw new Error(
      `apt-get installed ${packages.join(', ')}, but ${stillMissing[0]?.name} was not found at Debian’s path.`,
    );
  }
}

/** The words before `apt-get`; undefined if installing is not allowed or not possible. */
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
