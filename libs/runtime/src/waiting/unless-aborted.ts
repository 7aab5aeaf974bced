export const ABORTED: unique symbol = Symbol('aborted');

/**
 * Resolves or rejects as `work` does, or resolves with `ABORTED` as soon as `signal` aborts; then the outcome of `work`
 * is ignored. Removes its listener from the signal, so it may be called any number of times with a signal that never
 * aborts.
 */
export function unlessAborted<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result | typeof ABORTED> {
  return new Promise((resolve, reject) => {
    const onAbort = () => resolve(ABORTED);
    const removeListener = () => signal.removeEventListener('abort', onAbort);
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(removeListener);
  });
}
