import { describe, expect, it } from 'vitest';
import { fuzz } from './fuzz';
import { inputOf } from './fuzz-inputs';

const MAX_MS = 20_000;

describe('decoders, intake and applier', () => {
  it.each([
    ['a fixed seed', 1],
    ['a random seed', Date.now() % 1_000_000],
  ])(
    'settle whatever comes, within bounds: %s',
    async (_what, seed) => {
      const { inputs, faults } = await fuzz({ inputs: 30_000, seed, maxMs: MAX_MS });
      expect(faults).toEqual([]);
      expect(inputs).toBeGreaterThan(0);
    },
    120_000,
  );
});

describe('inputs', () => {
  it('Fuzz inputs are the same for the same seed, and differ for another', () => {
    for (const number of [0, 1, 99, 100_000]) {
      expect(inputOf(7, number)).toEqual(inputOf(7, number));
      expect(inputOf(7, number).body.equals(inputOf(8, number).body)).toBe(false);
    }
  });
});
