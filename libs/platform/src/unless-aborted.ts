/**
 * What `work` resolves with, or `aborted` as soon as the signal aborts. It leaves no listener at the signal, which may outlive many
 * of these.
 */
export async function unlessAborted<Result>(
  work: PromiseLike<Result>,
  signal: AbortSignal,
): Promise<Result | 'aborted'> {
  let abort = () => {};
  const aborted = new Promise<'aborted'>((resolve) => {
    abort = () => resolve('aborted');
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
