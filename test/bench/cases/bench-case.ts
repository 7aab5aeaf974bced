import type { BenchOptions } from '../harness/options';
import type { World } from '../harness/world';
import type { Sample } from '../report/sample';

/** What a case is held to, for the table. */
export interface Goal {
  /** Ours must do at least so many times the floor's events a second. */
  readonly rate?: number;
  /** Our processes' CPU time may be at most so many times the floor's. */
  readonly cpu?: number;
  /** In words, where it is about something else. */
  readonly other?: string;
}

/** One side of one point: something that is run several times, in alternation with the others of its case. */
export interface Variant {
  /** '' if the case has but one. */
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
