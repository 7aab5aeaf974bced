import { CliError } from '../cli.error';
import { completionScript, isShell, SHELLS } from '../completion/scripts';
import { EXIT_CODES } from '../exit-codes';
import type { RootCommand } from '../root-command';

export function addCompletion(program: RootCommand): void {
  program
    .command('completion')
    .description('print a shell completion script; for bash: source <(dbem completion bash)')
    .argument('<shell>', SHELLS.join(', '))
    .action((shell: string) => {
      if (!isShell(shell))
        throw new CliError(
          `There is no completion script for "${shell}". Use one of: ${SHELLS.join(', ')}.`,
          EXIT_CODES.usage,
        );
      program.context.stdout.write(completionScript(shell, program));
    });
}
