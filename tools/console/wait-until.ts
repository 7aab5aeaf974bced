const TIMEOUT_MS = 60_000;
const INTERVAL_MS = 100;

/** Resolves with the first truthy result of `condition`. */
export async function waitUntil<Answer>(
  condition: () => Promise<Answer>,
): Promise<Exclude<Answer, false | undefined | null>> {
  const deadline = Date.now() + TIMEOUT_MS;
  for (;;) {
    const answer = await condition();
    if (answer) return answer as Exclude<Answer, false | undefined | null>;
    if (Date.now() > deadline) throw new Error(`Timed out after ${TIMEOUT_MS} ms waiting for: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, INTERVAL_MS));
  }
}
