import type { Command } from 'commander';
import { type AdminApi, adminApi } from './api/admin-api';
import type { ExitCode } from './exit-codes';
import { Output } from './output/output';
import { rootOf, type Surroundings } from './root-command';

export const DEFAULT_URL = 'http://127.0.0.1:3000';

/** What a command works with. */
export interface Session {
  readonly api: AdminApi;
  readonly output: Output;
  readonly url: string;
  readonly token: string | undefined;
  readonly env: Surroundings['env'];
  /** Sets what the command ends with, unless it throws; without a call it is `ok`. */
  endWith(code: ExitCode): void;
}

export interface GlobalOptions {
  readonly url?: string;
  readonly token?: string;
  readonly json?: boolean;
}

/** Of the options that stand before or behind any command. */
export function sessionOf(command: Command): Session {
  const root = rootOf(command);
  const { env, stdout, stderr } = root.surroundings;
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
