import type { ExitCode } from './exit-codes';

/** Ends the command with this exit code and prints only the message, without a stack trace. */
export class CliError extends Error {
  constructor(
    message: string,
    readonly exitCode: ExitCode,
  ) {
    super(message);
  }
}
