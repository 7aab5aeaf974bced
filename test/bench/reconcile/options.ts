import { parseArgs } from 'node:util';

export interface ReconcileBenchOptions {
  /** Users at the source. */
  readonly rows: number;
  /** Users that are created each second while the backfill runs. */
  readonly liveRate: number;
  /** With the default pace of a run, which spares live changes; else as fast as it goes. */
  readonly isThrottled: boolean;
  /** Writes a CPU profile of every app. */
  readonly isProfiled: boolean;
}

export const USAGE = 'npm run bench:reconcile -- [--rows N] [--live-rate N] [--paced] [--profile]';

/** @throws Error for an option that there is not, or a number that is none. */
export function readOptions(args: readonly string[]): ReconcileBenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rows: { type: 'string', default: '1000000' },
      'live-rate': { type: 'string', default: '20' },
      paced: { type: 'boolean', default: false },
      profile: { type: 'boolean', default: false },
    },
  });
  return {
    rows: numberOf('rows', values.rows),
    liveRate: numberOf('live-rate', values['live-rate']),
    isThrottled: values.paced,
    isProfiled: values.profile,
  };
}

function numberOf(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value < 0) throw new Error(`--${name} takes a number, not "${text}"`);
  return value;
}
