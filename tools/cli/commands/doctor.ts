import type { Command } from 'commander';
import { CliError } from '../cli.error';
import { type Finding, fault, isAtLeast, ok } from '../doctor/finding';
import { EXIT_CODES } from '../exit-codes';
import { ending, sessionOf } from '../session';

const LEAST_NODE = [20, 19] as const;
const MARKS = { ok: '✓', note: '!', fault: '✗', skipped: '-' } as const;

export function addDoctor(program: Command): void {
  program
    .command('doctor')
    .description('checks configuration, reachability, versions, rights and clocks, and says what to fix')
    .option(
      '--env-file <file>',
      'variables as the apps have them: AMQP_URL, ZOOKEEPER_CONNECT, DATABASE_URL and *_DATABASE_URL',
    )
    .action(async ({ envFile }: { envFile?: string }, command: Command) => {
      if (envFile !== undefined) loadEnvironment(envFile);
      const session = sessionOf(command);
      const findings = await examine(session);
      session.output.table(
        findings,
        ['', 'check', 'found', 'what to do'],
        findings.map(({ state, check, found, fix }) => [MARKS[state], check, found, fix]),
        '',
      );
      if (findings.some(({ state }) => state === 'fault')) ending.code = EXIT_CODES.found;
    });
}

async function examine(session: ReturnType<typeof sessionOf>): Promise<Finding[]> {
  // Loaded when they are needed: they bring three drivers along.
  const [{ checkApi }, { checkBroker }, { checkZooKeeper }, { checkDatabase }] = await Promise.all([
    import('../doctor/check-api'),
    import('../doctor/check-broker'),
    import('../doctor/check-zookeeper'),
    import('../doctor/check-database'),
  ]);
  const { AMQP_URL, ZOOKEEPER_CONNECT } = process.env;
  const databases = Object.keys(process.env).filter((name) => /^([A-Z]+_)?DATABASE_URL$/.test(name));
  const found = await Promise.all([
    checkApi(session),
    checkBroker(AMQP_URL),
    checkZooKeeper(ZOOKEEPER_CONNECT),
    ...(databases.length === 0 ? ['DATABASE_URL'] : databases.sort()).map((name) =>
      checkDatabase(name, process.env[name]),
    ),
  ]);
  return [checkNode(), ...found.flat()];
}

function checkNode(): Finding {
  const { node } = process.versions;
  return isAtLeast(node, LEAST_NODE) ? ok('Node', node) : fault('Node', node, 'install 20.19 or later');
}

function loadEnvironment(file: string): void {
  try {
    process.loadEnvFile(file);
  } catch (error) {
    throw new CliError(`${file} can’t be read: ${(error as Error).message}`, EXIT_CODES.usage);
  }
}
