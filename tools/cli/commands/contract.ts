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
  const group = program.command('contract').description('the entities’ schemas');

  group
    .command('check')
    .description('whether a change of an IDL file is compatible, and which subscribers it would break')
    .argument('<old>', 'IDL file as it is')
    .argument('<new>', 'IDL file as it would be')
    .option('--readers <file>', 'who reads what (default: the subscribers of this repository)')
    .action(async (before: string, after: string, { readers }: { readers?: string }, command: Command) => {
      for (const file of [before, after, ...(readers === undefined ? [] : [readers])]) {
        if (!existsSync(file)) throw new CliError(`There is no file ${file}.`, EXIT_CODES.usage);
      }
      const { checkFiles } = await import('../../contract/check-files');
      const report = judge(() => checkFiles(before, after, readers));
      showReport(sessionOf(command), report);
    });

  group
    .command('verify')
    .description('whether an IDL file is compatible with what the publisher has registered, and whom it would break')
    .argument('<publisher>')
    .argument('<entityType>')
    .argument('<file>', 'IDL file as it would be')
    .requiredOption('--struct <name>', 'the entity’s struct')
    .option('--against <version>', 'a registered version (default: the newest)')
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
    .description('puts an IDL file on record as what the publisher publishes; for those that do not do it themselves')
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
      output.done(registered, `It is version ${registered.version}.`);
    });

  group
    .command('schemas')
    .description('what is registered')
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
    'Nothing that travels has changed.',
  );
  output.text(report.isCompatible ? 'Compatible.' : 'Not compatible.');
  if (!report.isCompatible) endWith(EXIT_CODES.found);
}

async function idlOf(file: string) {
  if (!existsSync(file)) throw new CliError(`There is no file ${file}.`, EXIT_CODES.usage);
  const { readIdlFiles } = await import('../../contract/read-idl-files');
  return judge(() => readIdlFiles(file));
}

function judge<Result>(check: () => Result): Result {
  try {
    return check();
  } catch (error) {
    throw new CliError((error as Error).message, EXIT_CODES.usage);
  }
}
