import { setTimeout as sleep } from 'node:timers/promises';
import type { Checker } from './checker/checker';
import type { Finding } from './checker/finding';

/** Replicas that still differ after this time without writes have lost changes. */
const CONVERGENCE_TIMEOUT_MS = 120_000;
const POLL_MS = 100;

/**
 * Call it while no writes run: waits until every replica equals its source.
 * @returns the differences that remain after the timeout
 */
export async function convergence(
  checker: Checker,
): Promise<{ readonly tookMs: number; readonly findings: Finding[] }> {
  const startedAtMs = Date.now();
  for (;;) {
    const findings = await checker.compare();
    const tookMs = Date.now() - startedAtMs;
    if (findings.length === 0 || tookMs > CONVERGENCE_TIMEOUT_MS) return { tookMs, findings };
    await sleep(POLL_MS);
  }
}
