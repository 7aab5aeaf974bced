import { parseArgs } from 'node:util';

export interface ReconcileBenchOptions {
  /** Users at the source. */
  readonly rows: number;
  /** Users that are created per second while a run is active. */
  readonly liveRate: number;
  /** True: the default rate limit of a run, which protects live changes; false: no limit. */
  readonly isThrottled: boolean;
  /** Writes a CPU profile of every app. */
  readonly isProfiled: boolean;
}

export const USAGE = 'npm run bench:reconcile -- [--rows N] [--live-rate N] [--throttled] [--profile]';

/** @throws Error for an unknown option or an invalid number */
export function readOptions(args: readonly string[]): ReconcileBenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rows: { type: 'string', default: '1000000' },
      'live-rate': { type: 'string', default: '20' },
      throttled: { type: 'boolean', default: false },
      profile: { type: 'boolean', default: false },
    },
  });
  return {
    rows: numberOf('rows', values.rows),
    liveRate: numberOf('live-rate', values['live-rate']),
    isThrottled: values.throttled,
    isProfiled: values.profile,
  };
}

function numberOf(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value < 0) throw new Error(`--${name} must be a number of at least 0, got "${text}"`);
  return value;
}
