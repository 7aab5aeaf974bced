import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { CliError } from '../cli.error';
import { EXIT_CODES } from '../exit-codes';
import { ending, sessionOf } from '../session';

export function addContract(program: Command): void {
  program
    .command('contract')
    .description('the entities’ schemas')
    .command('check')
    .description('whether a change of an IDL file is compatible, and which subscribers it would break')
    .argument('<old>', 'IDL file as it is')
    .argument('<new>', 'IDL file as it would be')
    .option('--readers <file>', 'who reads what (default: the subscribers of this repository)')
    .action(async (before: string, after: string, { readers }: { readers?: string }, command: Command) => {
      for (const file of [before, after, ...(readers === undefined ? [] : [readers])]) {
        if (!existsSync(file)) throw new CliError(`There is no file ${file}.`, EXIT_CODES.usage);
      }
      const { checkContract } = await import('../../contract/check-contract');
      const report = judge(() => checkContract(before, after, readers));
      const { output } = sessionOf(command);
      output.table(
        report,
        ['change', 'what', 'compatible', 'breaks', 'rule'],
        report.changes.map(({ path, what, isCompatible, breaksSubscribers, rule }) => [
          path,
          what,
          isCompatible ? 'yes' : 'NO',
          breaksSubscribers.join(', '),
          rule,
        ]),
        'Nothing that travels has changed.',
      );
      output.text(report.isCompatible ? 'Compatible.' : 'Not compatible.');
      if (!report.isCompatible) ending.code = EXIT_CODES.found;
    });
}

function judge<Report>(check: () => Report): Report {
  try {
    return check();
  } catch (error) {
    throw new CliError((error as Error).message, EXIT_CODES.usage);
  }
}
