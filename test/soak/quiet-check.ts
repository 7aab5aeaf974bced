import { setTimeout as sleep } from 'node:timers/promises';
import type { Checker } from './checker/checker';
import type { Finding } from './checker/finding';

/** Replicas that differ longer than this, with no more writes, have lost something. */
const CONVERGENCE_TIMEOUT_MS = 120_000;
const POLL_MS = 100;

/** With no writes under way: waits until every replica equals its source. @returns where they still differ when time is up. */
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
