import { describe, expect, it } from 'vitest';
import { DepthHistory } from './depth-history';
import { STEP_MS, STEPS } from './flow-series';

const T0 = 1_000 * STEP_MS;

describe('DepthHistory', () => {
  it('The depth history keeps the last depth of each step, and nothing for a step without a reading', () => {
    const history = new DepthHistory();
    history.note(1, T0);
    history.note(7, T0 + 2_000);
    history.note(9, T0 + 3 * STEP_MS);
    const depths = [0, 1, 2, 3, 4].map((step) => history.at(T0 + step * STEP_MS));
    expect(depths).toEqual([7, undefined, undefined, 9, undefined]);
  });

  it('The depth history drops a depth after an hour, and is over when none is left', () => {
    const history = new DepthHistory();
    history.note(1, T0);
    history.note(2, T0 + (STEPS + 10) * STEP_MS);
    expect(history.at(T0)).toBeUndefined();
    expect(history.at(T0 + STEPS * STEP_MS)).toBeUndefined();
    expect(history.isOver(T0 + (STEPS + 11) * STEP_MS)).toBe(false);
    expect(history.isOver(T0 + 3 * STEPS * STEP_MS)).toBe(true);
  });
});
