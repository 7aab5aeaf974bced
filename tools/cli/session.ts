import type { Command } from 'commander';
import { AdminApi } from './api/admin-api';
import { EXIT_CODES, type ExitCode } from './exit-codes';
import { Output } from './output/output';

/** What a command works with. */
export interface Session {
  readonly api: AdminApi;
  readonly output: Output;
  readonly url: string;
  readonly token: string | undefined;
}

export interface GlobalOptions {
  readonly url: string;
  readonly token?: string;
  readonly json?: boolean;
}

/** How the command ends, if it is not `ok`; `main` reads it. */
export const ending: { code: ExitCode } = { code: EXIT_CODES.ok };

/** Of the options that stand before or behind any command. */
export function sessionOf(command: Command): Session {
  const { url, token, json = false } = command.optsWithGlobals<GlobalOptions>();
  return { api: new AdminApi({ url, token }), output: new Output(json), url, token };
}

export function path(...parts: readonly string[]): string {
  return `/admin/v1/${parts.map(encodeURIComponent).join('/')}`;
}
