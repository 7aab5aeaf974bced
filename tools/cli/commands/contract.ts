import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import type { Schemas } from '../api/admin-api';
import { allPages } from '../api/all-pages';
import { answer } from '../api/answer';
import { entityTypeOf } from '../api/entity-type';
import { CliError } from '../cli.error';
import { EXIT_CODES } from '../exit-codes';
import { type Session, sessionOf } from '../session';

export function addContract(program: Command): void {
  const group = program.command('contract').description('check and register entity schemas');

  group
    .command('check')
    .description('check whether a change of an IDL file is compatible, and which subscribers it would break')
    .argument('<old>', 'current IDL file')
    .argument('<new>', 'changed IDL file')
    .option(
      '--readers <file>',
      'JSON file of the fields that each subscriber reads (default: the subscribers of this repository)',
    )
    .action(async (before: string, after: string, { readers }: { readers?: string }, command: Command) => {
      for (const file of [before, after, ...(readers === undefined ? [] : [readers])]) {
        if (!existsSync(file)) throw new CliError(`File not found: ${file}`, EXIT_CODES.usage);
      }
      const { checkFiles } = await import('../../contract/check-files');
      const report = orUsageError(() => checkFiles(before, after, readers));
      showReport(sessionOf(command), report);
    });

  group
    .command('verify')
    .description(
      'check an IDL file against the schema that the publisher has registered, and name the subscribers it would break',
    )
    .argument('<publisher>')
    .argument('<entityType>')
    .argument('<file>', 'changed IDL file')
    .requiredOption('--struct <name>', 'the entity’s struct')
    .option('--against <version>', 'registered version to compare with (default: the newest)')
    .action(
      async (
        publisher,
        type: string,
        file: string,
        options: { struct: string; against?: string },
        command: Command,
      ) => {
        const session = sessionOf(command);
        const { against, struct } = options;
        const report = await answer(
          session.api.POST('/admin/v1/contract-checks', {
            body: {
              publisher,
              entityType: entityTypeOf(type),
              struct,
              ...(against !== undefined && { against: Number(against) }),
              ...(await idlOf(file)),
            },
          }),
        );
        showReport(session, report);
      },
    );

  group
    .command('register')
    .description('register an IDL file as the publisher’s schema, for a publisher that does not register it itself')
    .argument('<publisher>')
    .argument('<entityType>')
    .argument('<file>')
    .requiredOption('--struct <name>', 'the entity’s struct')
    .action(async (publisher, type: string, file: string, { struct }: { struct: string }, command: Command) => {
      const { api, output } = sessionOf(command);
      const registered = await answer(
        api.PUT('/admin/v1/schemas/{publisher}/{entityType}', {
          params: { path: { publisher, entityType: entityTypeOf(type) } },
          body: { struct, ...(await idlOf(file)) },
        }),
      );
      output.done(registered, `Registered as version ${registered.version}.`);
    });

  group
    .command('schemas')
    .description('list the registered schemas')
    .option('--publisher <service>')
    .action(async ({ publisher }: { publisher?: string }, command: Command) => {
      const { api, output } = sessionOf(command);
      const schemas = await allPages((query) =>
        answer(api.GET('/admin/v1/schemas', { params: { query: { publisher, ...query } } })),
      );
      output.table(
        schemas,
        ['publisher', 'entity type', 'version'],
        schemas.map((one) => [one.publisher, one.entityType, one.version]),
        'No schema is registered.',
      );
    });
}

type Report = Pick<Schemas['ContractCheckResultDto'], 'isCompatible'> & {
  changes: readonly Omit<Schemas['SchemaChangeDto'], 'breaks'>[];
};

function showReport({ output, endWith }: Session, report: Report): void {
  output.table(
    report,
    ['change', 'what', 'compatible', 'breaks', 'rule'],
    report.changes.map((change) => [
      change.path,
      change.what,
      change.isCompatible ? 'yes' : 'NO',
      change.breaksSubscribers.join(', '),
      change.rule,
    ]),
    'Nothing has changed on the wire.',
  );
  output.text(report.isCompatible ? 'Compatible.' : 'Not compatible.');
  if (!report.isCompatible) endWith(EXIT_CODES.found);
}

async function idlOf(file: string) {
  if (!existsSync(file)) throw new CliError(`File not found: ${file}`, EXIT_CODES.usage);
  const { readIdlFiles } = await import('../../contract/read-idl-files');
  return orUsageError(() => readIdlFiles(file));
}

function orUsageError<Result>(check: () => Result): Result {
  try {
    return check();
  } catch (error) {
    throw new CliError((error as Error).message, EXIT_CODES.usage);
  }
}
