import { parseArgs } from 'node:util';

export interface SoakOptions {
  /** Duration of fault injection; the final check is not included. */
  readonly minutes: number;
  readonly seed: number;
  /** Number of concurrent writers. */
  readonly writers: number;
  /** File for the result as JSON. Default: .local/soak/soak-<seed>.json. */
  readonly json?: string;
}

export const USAGE = `npm run soak -- [--minutes N] [--seed S] [--writers N] [--json FILE] [--schedule]

  --minutes N   duration of fault injection in minutes, default 5
  --seed S      integer seed of the schedule and the workload, default: random
  --writers N   number of concurrent writers, default 6
  --json FILE   file for the result, default .local/soak/soak-<seed>.json
  --schedule    print the schedule of the seed without running it`;

/** @throws Error with the usage if an argument is invalid */
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
  if (!Number.isInteger(value)) throw new Error(`--${name} must be an integer, got ${text}\n\n${USAGE}`);
  return value;
}

function numberOf(name: string, text: string, least: number): number {
  const value = Number(text);
  if (!(value >= least)) throw new Error(`--${name} must be a number of at least ${least}, got ${text}\n\n${USAGE}`);
  return value;
}
