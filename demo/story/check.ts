/** What the story promised did not come true. */
export class CheckFailedError extends Error {}

export function check(condition: boolean, claim: string): void {
  if (!condition) throw new CheckFailedError(claim);
}

/** Waits until `probe` answers undefined, which means that nothing is amiss; gives up with the last thing amiss. */
export async function settle(
  claim: string,
  probe: () => Promise<string | undefined>,
  timeoutMs = 30_000,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const amiss = await probe();
    if (amiss === undefined) return;
    if (Date.now() > deadline) throw new CheckFailedError(`${claim}: ${amiss}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
