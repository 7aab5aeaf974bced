import type { Command } from 'commander';
import { type AdminApi, adminApi } from './api/admin-api';
import type { ExitCode } from './exit-codes';
import { Output } from './output/output';
import { type RunContext, rootOf } from './root-command';

export const DEFAULT_URL = 'http://127.0.0.1:3000';

/** Everything that a command needs to run. */
export interface Session {
  readonly api: AdminApi;
  readonly output: Output;
  readonly url: string;
  readonly token: string | undefined;
  readonly env: RunContext['env'];
  /** Sets the exit code, unless the command throws. Default: `ok`. */
  endWith(code: ExitCode): void;
}

export interface GlobalOptions {
  readonly url?: string;
  readonly token?: string;
  readonly json?: boolean;
}

/** Built from the global options, which may stand before or after a command. */
export function sessionOf(command: Command): Session {
  const root = rootOf(command);
  const { env, stdout, stderr } = root.context;
  const {
    url = env['DBEM_URL'] ?? DEFAULT_URL,
    token = env['DBEM_TOKEN'],
    json = false,
  } = command.optsWithGlobals<GlobalOptions>();
  return {
    api: adminApi({ url, token }),
    output: new Output(json, stdout, stderr),
    url,
    token,
    env,
    endWith: (code) => {
      root.exitCode = code;
    },
  };
}
