import { describe, expect, it } from 'vitest';
import { fuzz } from './fuzz';
import { inputOf } from './fuzz-inputs';

/** Few enough to run in a second; `test/long/fuzz.long.spec.ts` runs many more. */
const INPUTS = 1_500;

describe('decoders, intake and applier', () => {
  it.each([
    ['a fixed seed', 1],
    ['a random seed', Date.now() % 1_000_000],
  ])('Decoders, intake and applier handle every fuzz input within bounds, with %s', async (_what, seed) => {
    const { inputs, faults } = await fuzz({ inputs: INPUTS, seed });
    expect(faults).toEqual([]);
    expect(inputs).toBe(INPUTS);
  });
});

describe('fuzz inputs', () => {
  it('Fuzz inputs are the same for the same seed, and different for another seed', () => {
    for (const number of [0, 1, 99, 100_000]) {
      expect(inputOf(7, number)).toEqual(inputOf(7, number));
      expect(inputOf(7, number).body.equals(inputOf(8, number).body)).toBe(false);
    }
  });
});
