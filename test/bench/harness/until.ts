const TIMEOUT_MS = 20 * 60_000;

/** Resolves when the condition is true, polling every `intervalMs`; rejects after 20 minutes. */
export async function until(
  condition: () => Promise<boolean> | boolean,
  { intervalMs = 20, what = 'a condition' }: { intervalMs?: number; what?: string } = {},
): Promise<void> {
  const deadline = Date.now() + TIMEOUT_MS;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`Timed out after 20 minutes waiting for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, intervalMs));
  }
}
