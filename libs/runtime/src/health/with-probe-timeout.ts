/** An indicator that takes longer counts as down, because readiness probes have short timeouts themselves, ms. */
const PROBE_TIMEOUT_MS = 2_500;

/** Resolves or rejects as the probe does; rejects if the probe times out. */
export async function withProbeTimeout<State>(probe: () => State | Promise<State>): Promise<State> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`timed out after ${PROBE_TIMEOUT_MS} ms`)), PROBE_TIMEOUT_MS);
  });
  try {
    return await Promise.race([probe(), timeout]);
  } finally {
    clearTimeout(timer);
  }
}
