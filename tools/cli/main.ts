import { CommanderError } from 'commander';
import { CliError } from './cli.error';
import { EXIT_CODES, type ExitCode } from './exit-codes';
import { makeProgram } from './program';
import type { RunContext } from './root-command';

/** Runs one command line and resolves with the exit code. */
export async function main(args: readonly string[], context: RunContext = process): Promise<ExitCode> {
  const program = makeProgram(context);
  try {
    await program.parseAsync(args, { from: 'user' });
    return program.exitCode;
  } catch (error) {
    if (error instanceof CliError) {
      context.stderr.write(`${error.message}\n`);
      return error.exitCode;
    }
    // Commander has already printed the error; --help and --version end with 0.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT_CODES.ok : EXIT_CODES.usage;
    throw error;
  }
}
