import type { MemorySample } from '../watch';

/** Time until a process reaches its working size, ms. */
const WARM_UP_MS = 60_000;

export interface MemoryTrend {
  /** Resident set of the longest-lived process, MB: after the warm-up, and at its end. */
  readonly warmMb: number;
  readonly lastMb: number;
  /** Time between these two samples, ms. */
  readonly watchedMs: number;
  /** The maximum of all processes of this instance, MB. */
  readonly peakMb: number;
}

/** The memory trend of an instance. Faults end its processes, so the longest-lived process is the most meaningful. */
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
