import { Command } from 'commander';
import { EXIT_CODES, type ExitCode } from './exit-codes';

/** The parts of the process that a run uses. */
export interface RunContext {
  readonly env: Readonly<NodeJS.ProcessEnv>;
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream & { readonly isTTY?: boolean };
}

/** The root command `dbem`, for one run. */
export class RootCommand extends Command {
  /** The exit code of the run, unless it throws. */
  exitCode: ExitCode = EXIT_CODES.ok;

  constructor(readonly context: RunContext) {
    super('dbem');
    this.configureOutput({
      writeOut: (text) => void context.stdout.write(text),
      writeErr: (text) => void context.stderr.write(text),
    });
  }
}

export function rootOf(command: Command): RootCommand {
  let root = command;
  while (root.parent !== null) root = root.parent;
  if (!(root instanceof RootCommand)) throw new Error(`The command "${command.name()}" is not part of dbem.`);
  return root;
}
