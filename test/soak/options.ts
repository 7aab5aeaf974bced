import { parseArgs } from 'node:util';

export interface SoakOptions {
  /** How long faults are injected; the final check comes on top. */
  readonly minutes: number;
  readonly seed: number;
  /** How many write at the same time. */
  readonly writers: number;
  /** Where the result goes as JSON. Default: below .local/soak/. */
  readonly json?: string;
}

export const USAGE = `npm run soak -- [--minutes N] [--seed S] [--writers N] [--json FILE] [--schedule]

  --minutes N   how long faults are injected, default 5
  --seed S      a whole number that repeats the schedule and the workload, default: a random one
  --writers N   how many write at the same time, default 6
  --json FILE   where the result goes, default .local/soak/soak-<seed>.json
  --schedule    prints the schedule of the seed and runs nothing`;

/** @throws Error with the usage for arguments that can't be used. */
export function readOptions(args: readonly string[]): SoakOptions & { readonly scheduleOnly: boolean } {
  const { values } = parseArgs({
    args: [...args],
    options: {
      minutes: { type: 'string', default: '5' },
      seed: { type: 'string', default: String(randomSeed()) },
      writers: { type: 'string', default: '6' },
      json: { type: 'string' },
      schedule: { type: 'boolean', default: false },
    },
  });
  return {
    minutes: numberOf('minutes', values.minutes, 0.1),
    seed: wholeNumberOf('seed', values.seed, 0),
    writers: wholeNumberOf('writers', values.writers, 1),
    scheduleOnly: values.schedule,
    ...(values.json !== undefined && { json: values.json }),
  };
}

export function randomSeed(): number {
  return Math.floor(Math.random() * 1_000_000);
}

function wholeNumberOf(name: string, text: string, least: number): number {
  const value = numberOf(name, text, least);
  if (!Number.isInteger(value)) throw new Error(`--${name} must be a whole number\n\n${USAGE}`);
  return value;
}

function numberOf(name: string, text: string, least: number): number {
  const value = Number(text);
  if (!(value >= least)) throw new Error(`--${name} must be a number from ${least} on\n\n${USAGE}`);
  return value;
}
