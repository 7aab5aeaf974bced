import type { BenchOptions } from '../harness/options';
import type { World } from '../harness/world';
import type { Sample } from '../report/sample';

/** The goal of a case, for the table. */
export interface Goal {
  /** Minimum of our events/s, as a multiple of the floor's. */
  readonly rate?: number;
  /** Maximum of our processes' CPU time, as a multiple of the floor's. */
  readonly cpu?: number;
  /** Any other goal, as text. */
  readonly other?: string;
}

/** One side at one point of a case; it runs several times, alternating with the other variants. */
export interface Variant {
  /** '' if the case has only one point. */
  readonly point: string;
  /** `ours`, `floor`, or a peer's name. */
  readonly side: string;
  run(world: World): Promise<Sample>;
}

export interface BenchCase {
  readonly name: string;
  readonly goal: Goal;
  variants(options: BenchOptions): readonly Variant[];
}
