import { STEP_MS, STEPS, stepOf } from './flow-series';

/** The depth of one queue in each step of the last hour: the last reading in that step. Takes 3 KiB. */
export class DepthHistory {
  private readonly depths = new Float32Array(STEPS).fill(Number.NaN);
  private newest = Number.NEGATIVE_INFINITY;

  note(depth: number, nowMs: number): void {
    const step = stepOf(nowMs);
    for (let missed = Math.max(this.newest + 1, step - STEPS + 1); missed < step; missed += 1) {
      this.depths[missed % STEPS] = Number.NaN;
    }
    this.newest = step;
    this.depths[step % STEPS] = depth;
  }

  /** The depth in the step that began at `atMs`; undefined if unknown. */
  at(atMs: number): number | undefined {
    const step = stepOf(atMs);
    if (step > this.newest || step <= this.newest - STEPS) return undefined;
    const depth = this.depths[step % STEPS] as number;
    return Number.isNaN(depth) ? undefined : depth;
  }

  /** True if there was no reading in the last hour. */
  isOver(nowMs: number): boolean {
    return nowMs - this.newest * STEP_MS > STEPS * STEP_MS;
  }
}
