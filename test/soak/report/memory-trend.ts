import type { MemorySample } from '../watch';

/** A process needs some time to reach its working size, ms. */
const WARM_UP_MS = 60_000;

export interface MemoryTrend {
  /** The resident set of the process that lived longest, MB: when it was warm, and at its end. */
  readonly warmMb: number;
  readonly lastMb: number;
  /** How long it was watched from the one to the other, ms. */
  readonly watchedMs: number;
  /** The most that any process of this instance ever had, MB. */
  readonly peakMb: number;
}

/** How an instance's memory developed. Faults end processes, so the longest life tells most. */
export function memoryTrend(samples: readonly MemorySample[]): MemoryTrend {
  const lives = new Map<number, MemorySample[]>();
  for (const sample of samples) lives.set(sample.pid, [...(lives.get(sample.pid) ?? []), sample]);
  const longest = [...lives.values()].sort((left, right) => lengthOf(right) - lengthOf(left))[0] ?? [];
  const first = longest[0];
  const last = longest.at(-1);
  const warm = longest.find(({ atMs }) => first !== undefined && atMs - first.atMs >= WARM_UP_MS) ?? first;
  return {
    warmMb: warm?.rssMb ?? 0,
    lastMb: last?.rssMb ?? 0,
    watchedMs: (last?.atMs ?? 0) - (warm?.atMs ?? 0),
    peakMb: Math.max(0, ...samples.map(({ rssMb }) => rssMb)),
  };
}

function lengthOf(life: readonly MemorySample[]): number {
  return (life.at(-1)?.atMs ?? 0) - (life[0]?.atMs ?? 0);
}
