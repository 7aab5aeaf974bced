/** Resolves with what `condition` answers as soon as that is truthy; rejects after `timeoutMs` (default 60,000). */
export async function waitFor<Answer>(
  condition: () => Answer | Promise<Answer>,
  { timeoutMs = 60_000, what = condition.toString() }: { timeoutMs?: number; what?: string } = {},
): Promise<Exclude<Answer, false | undefined | null>> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const answer = await condition();
    if (answer) return answer as Exclude<Answer, false | undefined | null>;
    if (Date.now() > deadline) throw new Error(`Waited ${timeoutMs} ms in vain for: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
