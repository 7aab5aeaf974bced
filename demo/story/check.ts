/** A check of the demo failed. */
export class CheckFailedError extends Error {}

export function check(condition: boolean, claim: string): void {
  if (!condition) throw new CheckFailedError(claim);
}

/** Waits until `probe` resolves with undefined. @throws CheckFailedError with the last problem that it reported */
export async function waitUntil(
  claim: string,
  probe: () => Promise<string | undefined>,
  timeoutMs = 30_000,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const problem = await probe();
    if (problem === undefined) return;
    if (Date.now() > deadline) throw new CheckFailedError(`${claim}: ${problem}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
