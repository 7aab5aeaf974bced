import { CliError } from '../cli.error';
import { completionScript, isShell, SHELLS } from '../completion/scripts';
import { EXIT_CODES } from '../exit-codes';
import type { RootCommand } from '../root-command';

export function addCompletion(program: RootCommand): void {
  program
    .command('completion')
    .description('a script that completes commands and options; for bash: source <(dbem completion bash)')
    .argument('<shell>', SHELLS.join(', '))
    .action((shell: string) => {
      if (!isShell(shell))
        throw new CliError(`There is no script for ${shell}: ${SHELLS.join(', ')}.`, EXIT_CODES.usage);
      program.surroundings.stdout.write(completionScript(shell, program));
    });
}
