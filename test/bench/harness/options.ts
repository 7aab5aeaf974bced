import { parseArgs } from 'node:util';

export interface BenchOptions {
  /** Names of cases; empty: all. */
  readonly cases: readonly string[];
  /** Only points whose name contains this. */
  readonly point: string | undefined;
  /** Only this side: ours, floor, … */
  readonly side: string | undefined;
  /** Runs of each side. */
  readonly repeat: number;
  /** Events of one run; undefined: the case's own number. */
  readonly events: number | undefined;
  /** How long the sustained run of the whole path lasts; undefined: there is none. */
  readonly minutes: number | undefined;
  /** Changes a second of the latency case. */
  readonly rate: number;
  /** How long the latency case lasts, s. */
  readonly seconds: number;
  /** Writes a CPU profile of every Node process that is measured, and says which statements PostgreSQL spent its time with. */
  readonly profile: boolean;
  /** Further arguments of Node for every process that is measured, such as --trace-gc. */
  readonly nodeArguments: readonly string[];
}

export const USAGE = `npm run bench -- [--case NAME[,NAME]] [--repeat N] [--events N] [--point TEXT] [--side ours|floor]
                 [--rate N] [--seconds N] [--minutes N] [--profile] [--node-arguments TEXT]`;

/** @throws Error for an option that there is not, or a number that is none. */
export function readOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      case: { type: 'string', multiple: true },
      point: { type: 'string' },
      side: { type: 'string' },
      repeat: { type: 'string' },
      events: { type: 'string' },
      minutes: { type: 'string' },
      rate: { type: 'string' },
      seconds: { type: 'string' },
      profile: { type: 'boolean' },
      'node-arguments': { type: 'string' },
    },
  });
  return {
    cases: (values.case ?? []).flatMap((names) => names.split(',')),
    point: values.point,
    side: values.side,
    repeat: numberOf('repeat', values.repeat) ?? 3,
    events: numberOf('events', values.events),
    minutes: numberOf('minutes', values.minutes),
    rate: numberOf('rate', values.rate) ?? 200,
    seconds: numberOf('seconds', values.seconds) ?? 60,
    profile: values.profile ?? false,
    nodeArguments: values['node-arguments']?.split(' ') ?? [],
  };
}

function numberOf(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) throw new Error(`--${name} takes a positive number, not "${text}"`);
  return value;
}
