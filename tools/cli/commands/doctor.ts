import type { Command } from 'commander';
import { CliError } from '../cli.error';
import { databaseVariables, variable } from '../doctor/environment';
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
      'variables as the apps have them: AMQP_*, ZOOKEEPER_*, DATABASE_* and *_DATABASE_URL; NAME_FILE for NAME',
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
  const [{ checkApi }, { checkBroker }, { checkManagement }, { checkZooKeeper }, { checkDatabase }] = await Promise.all(
    [
      import('../doctor/check-api'),
      import('../doctor/check-broker'),
      import('../doctor/check-management'),
      import('../doctor/check-zookeeper'),
      import('../doctor/check-database'),
    ],
  );
  const databases = databaseVariables();
  const found = await Promise.all([
    checkApi(session),
    checkBroker(variable('AMQP_URL')),
    checkManagement(variable('AMQP_MANAGEMENT_URL')),
    checkZooKeeper(variable('ZOOKEEPER_CONNECT'), variable('ZOOKEEPER_AUTH')),
    ...(databases.length === 0 ? ['DATABASE_URL'] : databases).map((name) => checkDatabase(name, variable(name))),
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
