import { Command } from 'commander';
import { EXIT_CODES, type ExitCode } from './exit-codes';

/** What a run may use of its process. */
export interface Surroundings {
  readonly env: Readonly<NodeJS.ProcessEnv>;
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream & { readonly isTTY?: boolean };
}

/** `dbem` itself, above all its commands, for one run. */
export class RootCommand extends Command {
  /** What the run ends with, unless it throws. */
  exitCode: ExitCode = EXIT_CODES.ok;

  constructor(readonly surroundings: Surroundings) {
    super('dbem');
    this.configureOutput({
      writeOut: (text) => void surroundings.stdout.write(text),
      writeErr: (text) => void surroundings.stderr.write(text),
    });
  }
}

export function rootOf(command: Command): RootCommand {
  let root = command;
  while (root.parent !== null) root = root.parent;
  if (!(root instanceof RootCommand)) throw new Error(`The command "${command.name()}" is not part of dbem.`);
  return root;
}
