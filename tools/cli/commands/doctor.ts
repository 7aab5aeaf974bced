import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import type { Command } from 'commander';
import { CliError } from '../cli.error';
import { databaseVariables, variable } from '../doctor/environment';
import { type Finding, fault, isAtLeast, ok } from '../doctor/finding';
import { EXIT_CODES } from '../exit-codes';
import { type Session, sessionOf } from '../session';

const LEAST_NODE = [20, 19] as const;
const MARKS = { ok: '✓', note: '!', fault: '✗', skipped: '-' } as const;

export function addDoctor(program: Command): void {
  program
    .command('doctor')
    .description('check configuration, connections, versions, permissions and clocks, and report what to fix')
    .option(
      '--env-file <file>',
      'environment file of the apps: AMQP_*, ZOOKEEPER_*, DATABASE_*, *_DATABASE_URL; NAME_FILE works for any NAME',
    )
    .action(async ({ envFile }: { envFile?: string }, command: Command) => {
      const session = sessionOf(command);
      // Variables that are already set take precedence over the file.
      const env = { ...(envFile !== undefined && environmentIn(envFile)), ...session.env };
      const findings = await examine({ ...session, env });
      session.output.table(
        findings,
        ['', 'check', 'found', 'what to do'],
        findings.map(({ state, check, found, fix }) => [MARKS[state], check, found, fix]),
        '',
      );
      if (findings.some(({ state }) => state === 'fault')) session.endWith(EXIT_CODES.found);
    });
}

async function examine(session: Session): Promise<Finding[]> {
  // Loaded on demand: they import three drivers.
  const [{ checkApi }, { checkBroker }, { checkManagement }, { checkZooKeeper }, { checkDatabase }] = await Promise.all(
    [
      import('../doctor/check-api'),
      import('../doctor/check-broker'),
      import('../doctor/check-management'),
      import('../doctor/check-zookeeper'),
      import('../doctor/check-database'),
    ],
  );
  const { env } = session;
  const databases = databaseVariables(env);
  const found = await Promise.all([
    checkApi(session),
    checkBroker(variable(env, 'AMQP_URL'), env),
    checkManagement(variable(env, 'AMQP_MANAGEMENT_URL')),
    checkZooKeeper(variable(env, 'ZOOKEEPER_CONNECT'), variable(env, 'ZOOKEEPER_AUTH')),
    ...(databases.length === 0 ? ['DATABASE_URL'] : databases).map((name) =>
      checkDatabase(name, variable(env, name), env),
    ),
  ]);
  return [checkNode(), ...found.flat()];
}

function checkNode(): Finding {
  const { node } = process.versions;
  return isAtLeast(node, LEAST_NODE) ? ok('Node', node) : fault('Node', node, 'install 20.19 or later');
}

function environmentIn(file: string): Session['env'] {
  try {
    return parseEnv(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new CliError(`Can’t read ${file}: ${(error as Error).message}`, EXIT_CODES.usage);
  }
}
