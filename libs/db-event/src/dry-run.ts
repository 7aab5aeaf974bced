import { AsyncLocalStorage } from 'node:async_hooks';

const rehearsing = new AsyncLocalStorage<true>();

/** Runs `work`, whose transaction the caller will roll back whatever comes of it: see `isDryRun`. */
export function inDryRun<Result>(work: () => Promise<Result>): Promise<Result> {
  return rehearsing.run(true, work);
}

/**
 * Whether a handler is only being tried, in a transaction that is rolled back. What acts outside of the transaction (sends mail,
 * say) must do nothing then.
 */
export function isDryRun(): boolean {
  return rehearsing.getStore() === true;
}
