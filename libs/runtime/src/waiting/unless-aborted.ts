export const ABORTED: unique symbol = Symbol('aborted');

/**
 * Settles as `work` does, or resolves with `ABORTED` as soon as `signal` aborts: what `work` comes to then is dropped. Leaves no
 * listener on the signal, however often it is called with one that never aborts.
 */
export function unlessAborted<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result | typeof ABORTED> {
  return new Promise((resolve, reject) => {
    const onAbort = () => resolve(ABORTED);
    const forget = () => signal.removeEventListener('abort', onAbort);
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(forget);
  });
}
