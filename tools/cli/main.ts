import { CommanderError } from 'commander';
import { CliError } from './cli.error';
import { EXIT_CODES, type ExitCode } from './exit-codes';
import { makeProgram } from './program';
import type { Surroundings } from './root-command';

/** Runs one command line; resolves with the code to end with. */
export async function main(args: readonly string[], surroundings: Surroundings = process): Promise<ExitCode> {
  const program = makeProgram(surroundings);
  try {
    await program.parseAsync(args, { from: 'user' });
    return program.exitCode;
  } catch (error) {
    if (error instanceof CliError) {
      surroundings.stderr.write(`${error.message}\n`);
      return error.exitCode;
    }
    // Commander has said what is wrong; help and version are no faults.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT_CODES.ok : EXIT_CODES.usage;
    throw error;
  }
}
