/** Resolves or rejects as `work` does, or resolves with 'aborted' as soon as `signal` aborts. Leaves no listener behind. */
export async function unlessAborted<Outcome>(
  work: Promise<Outcome>,
  signal: AbortSignal,
): Promise<Outcome | 'aborted'> {
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
