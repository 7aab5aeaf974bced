import type { ExitCode } from './exit-codes';

/** Ends the command with this message and code; nothing else is shown. */
export class CliError extends Error {
  constructor(
    message: string,
    readonly exitCode: ExitCode,
  ) {
    super(message);
  }
}
