const MIN_INTERVAL_MS = 20;
const MAX_INTERVAL_MS = 250;

/**
 * Resolves with what `condition` answers as soon as that is truthy; rejects after `timeoutMs` (default 60,000). It is checked less
 * often the longer it takes, so that waiting for something slow does not itself use up the processor.
 */
export async function waitFor<Answer>(
  condition: () => Answer | Promise<Answer>,
  { timeoutMs = 60_000, what = condition.toString() }: { timeoutMs?: number; what?: string } = {},
): Promise<Exclude<Answer, false | undefined | null>> {
  const startedAtMs = Date.now();
  for (;;) {
    const answer = await condition();
    if (answer) return answer as Exclude<Answer, false | undefined | null>;
    const elapsedMs = Date.now() - startedAtMs;
    if (elapsedMs > timeoutMs) throw new Error(`Waited ${timeoutMs} ms in vain for: ${what}`);
    const intervalMs = Math.min(Math.max(elapsedMs / 10, MIN_INTERVAL_MS), MAX_INTERVAL_MS);
    await new Promise((resolve) => setTimeout(resolve, intervalMs));
  }
}
