const MIN_INTERVAL_MS = 20;
const MAX_INTERVAL_MS = 250;

/**
 * Resolves with the result of `condition` as soon as it is truthy; rejects after `timeoutMs` (default 120,000). The
 * interval grows with the waiting time, so that slow conditions do not use up the CPU.
 */
export async function waitFor<Answer>(
  condition: () => Answer | Promise<Answer>,
  { timeoutMs = 120_000, what = condition.toString() }: { timeoutMs?: number; what?: string | (() => string) } = {},
): Promise<Exclude<Answer, false | undefined | null>> {
  const startedAtMs = Date.now();
  for (;;) {
    const answer = await condition();
    if (answer) return answer as Exclude<Answer, false | undefined | null>;
    const elapsedMs = Date.now() - startedAtMs;
    if (elapsedMs > timeoutMs) {
      const text = typeof what === 'string' ? what : what();
      throw new Error(`Timed out after ${timeoutMs} ms waiting for: ${text}`);
    }
    const intervalMs = Math.min(Math.max(elapsedMs / 10, MIN_INTERVAL_MS), MAX_INTERVAL_MS);
    await new Promise((resolve) => setTimeout(resolve, intervalMs));
  }
}
