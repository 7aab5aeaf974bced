import { describe, expect, it } from 'vitest';
import { fuzz } from '../../tools/fuzz/fuzz';

/** Enough for comparing the heap after a warm-up, which the few inputs of the unit test don't allow. */
const INPUTS = 30_000;

describe('decoders, intake and applier', () => {
  it.each([
    ['a fixed seed', 1],
    ['a random seed', Date.now() % 1_000_000],
  ])(
    'Decoders, intake and applier handle many fuzz inputs within their limits, with %s',
    async (_what, seed) => {
      const { inputs, faults } = await fuzz({ inputs: INPUTS, seed });
      expect(faults).toEqual([]);
      expect(inputs).toBe(INPUTS);
    },
    600_000,
  );
});
