import { vi } from 'vitest';
import { EXIT_CODES } from '../../../tools/cli/exit-codes';
import { main } from '../../../tools/cli/main';
import { ending } from '../../../tools/cli/session';

export interface DbemRun {
  readonly code: number;
  /** What went to standard output and standard error, in its order. */
  readonly out: string;
}

let previous: Promise<unknown> = Promise.resolve();

/**
 * Runs a command line of `dbem` inside the test's own process, with these variables on top of its environment. One at a time:
 * environment, output and exit code are the process's.
 */
export function runDbem(args: readonly string[], env: Readonly<Record<string, string>>): Promise<DbemRun> {
  const run = previous.then(() => runAlone(args, env));
  // The caller gets a rejection from `run`.
  previous = run.catch(() => {});
  return run;
}

async function runAlone(args: readonly string[], env: Readonly<Record<string, string>>): Promise<DbemRun> {
  let out = '';
  const take = (text: string | Uint8Array) => {
    out += text;
    return true;
  };
  const spies = [
    vi.spyOn(process.stdout, 'write').mockImplementation(take),
    vi.spyOn(process.stderr, 'write').mockImplementation(take),
  ];
  const before = process.env;
  process.env = { ...before, ...env };
  ending.code = EXIT_CODES.ok;
  try {
    return { code: await main(args), out };
  } finally {
    process.env = before;
    for (const spy of spies) spy.mockRestore();
  }
}
