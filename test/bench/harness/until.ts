const TIMEOUT_MS = 20 * 60_000;

/** Resolves when the condition holds, looking every `intervalMs`; rejects after 20 minutes. */
export async function until(
  condition: () => Promise<boolean> | boolean,
  { intervalMs = 20, what = 'a condition' }: { intervalMs?: number; what?: string } = {},
): Promise<void> {
  const deadline = Date.now() + TIMEOUT_MS;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`Waited 20 minutes for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, intervalMs));
  }
}
