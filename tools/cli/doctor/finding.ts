/** What one check has found. */
export interface Finding {
  readonly check: string;
  /** `fault`: something does not work. `note`: it works, and could be better. `skipped`: it was not said where to look. */
  readonly state: 'ok' | 'note' | 'fault' | 'skipped';
  readonly found: string;
  /** What to do about it. */
  readonly fix?: string;
}

/** Reads as a sentence where it is made: `fault('broker', 'refused the password', 'correct AMQP_URL')`. */
export const ok = (check: string, found: string): Finding => ({ check, state: 'ok', found });
export const note = (check: string, found: string, fix: string): Finding => ({ check, state: 'note', found, fix });
export const fault = (check: string, found: string, fix: string): Finding => ({ check, state: 'fault', found, fix });
export const skipped = (check: string, fix: string): Finding => ({
  check,
  state: 'skipped',
  found: 'not looked at',
  fix,
});

/** By more than this clocks must not differ: lag is read from them, and tokens expire by them. */
export const MAX_CLOCK_SKEW_MS = 1_000;

export function checkClock(
  check: string,
  theirsMs: number,
  askedAtMs: number,
  answeredAtMs: number,
  precisionMs: number,
): Finding {
  const skewMs = theirsMs - (askedAtMs + answeredAtMs) / 2;
  const blurMs = (answeredAtMs - askedAtMs) / 2 + precisionMs;
  const said = `${Math.abs(Math.round(skewMs))} ms ${skewMs < 0 ? 'behind' : 'ahead of'} this machine’s`;
  if (Math.abs(skewMs) <= MAX_CLOCK_SKEW_MS + blurMs) return ok(check, said);
  return fault(check, said, 'run NTP (chrony, say) on both machines');
}

export function reasonOf(error: unknown): string {
  const { code, message } = error as { code?: unknown; message?: string };
  return [code, message].filter((part) => typeof part === 'string' && part !== '').join(': ') || String(error);
}

/** The version's numbers are at least these. */
export function isAtLeast(version: string, least: readonly number[]): boolean {
  const numbers = version.split('.').map((part) => Number.parseInt(part, 10));
  for (const [place, wanted] of least.entries()) {
    const number = numbers[place] ?? 0;
    if (number !== wanted) return number > wanted;
  }
  return true;
}
