/** The result of one check. */
export interface Finding {
  readonly check: string;
  /** `fault`: it does not work. `note`: it works, but should be improved. `skipped`: its address is not configured. */
  readonly state: 'ok' | 'note' | 'fault' | 'skipped';
  readonly found: string;
  /** What to do about it. */
  readonly fix?: string;
}

export const ok = (check: string, found: string): Finding => ({ check, state: 'ok', found });
export const note = (check: string, found: string, fix: string): Finding => ({ check, state: 'note', found, fix });
export const fault = (check: string, found: string, fix: string): Finding => ({ check, state: 'fault', found, fix });
export const skipped = (check: string, fix: string): Finding => ({
  check,
  state: 'skipped',
  found: 'not checked',
  fix,
});

/** The maximum difference between clocks: lag is measured with them, and tokens expire by them. */
export const MAX_CLOCK_SKEW_MS = 1_000;

export function checkClock(
  check: string,
  theirsMs: number,
  sentAtMs: number,
  receivedAtMs: number,
  precisionMs: number,
): Finding {
  const skewMs = theirsMs - (sentAtMs + receivedAtMs) / 2;
  const toleranceMs = (receivedAtMs - sentAtMs) / 2 + precisionMs;
  const found = `${Math.abs(Math.round(skewMs))} ms ${skewMs < 0 ? 'behind' : 'ahead of'} this machine’s clock`;
  if (Math.abs(skewMs) <= MAX_CLOCK_SKEW_MS + toleranceMs) return ok(check, found);
  return fault(check, found, 'run NTP on both machines, for example chrony');
}

export function reasonOf(error: unknown): string {
  const { code, message } = error as { code?: unknown; message?: string };
  return [code, message].filter((part) => typeof part === 'string' && part !== '').join(': ') || String(error);
}

/** Whether a dotted version is at least the given one. */
export function isAtLeast(version: string, least: readonly number[]): boolean {
  const numbers = version.split('.').map((part) => Number.parseInt(part, 10));
  for (const [place, wanted] of least.entries()) {
    const number = numbers[place] ?? 0;
    if (number !== wanted) return number > wanted;
  }
  return true;
}
