import { parseArgs } from 'node:util';

export interface BenchOptions {
  /** Names of the cases; empty: all. */
  readonly cases: readonly string[];
  /** Only points whose name contains this. */
  readonly point: string | undefined;
  /** Only this side: ours, floor, … */
  readonly side: string | undefined;
  /** Number of runs of each side. */
  readonly repeat: number;
  /** Events per run; undefined: the case's default. */
  readonly events: number | undefined;
  /** Duration of the whole path's sustained run, minutes; undefined: no sustained run. */
  readonly minutes: number | undefined;
  /** Changes per second in the latency case. */
  readonly rate: number;
  /** Duration of the latency case, s. */
  readonly seconds: number;
  /** Writes a CPU profile of every measured Node process, and prints the most expensive PostgreSQL statements. */
  readonly profile: boolean;
  /** Additional Node arguments for every measured process, for example --trace-gc. */
  readonly nodeArguments: readonly string[];
}

export const USAGE = `npm run bench -- [--case NAME[,NAME]] [--repeat N] [--events N] [--point TEXT] [--side ours|floor]
                 [--rate N] [--seconds N] [--minutes N] [--profile] [--node-arguments TEXT]`;

/** @throws Error for an unknown option or an invalid number */
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
  if (!Number.isFinite(value) || value <= 0) throw new Error(`--${name} must be a positive number, got "${text}"`);
  return value;
}
