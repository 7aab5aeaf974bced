import { AsyncLocalStorage } from 'node:async_hooks';

const dryRun = new AsyncLocalStorage<true>();

/** Runs `work` as a dry run: the caller rolls its transaction back in any case. See `isDryRun`. */
export function inDryRun<Result>(work: () => Promise<Result>): Promise<Result> {
  return dryRun.run(true, work);
}

/**
 * Whether a handler runs in a dry run, in a transaction that will be rolled back. Side effects outside of the
 * transaction, such as sending mail, must be skipped then.
 */
export function isDryRun(): boolean {
  return dryRun.getStore() === true;
}
