import { afterAll, beforeAll, describe, it } from 'vitest';
import { InterleavedAppliers } from '../support/version-gate/interleaved-appliers';

describe('the version gate, with several appliers whose transactions interleave', () => {
  let appliers: InterleavedAppliers;

  beforeAll(async () => {
    appliers = await InterleavedAppliers.start();
  });

  afterAll(() => appliers.stop());

  // Fifteen times as many runs: version-gate.long.spec.ts.
  it('Each entity ends at its newest version, with no step backwards and each version’s effect once', async () => {
    await appliers.expectConvergence(20);
  });
});
