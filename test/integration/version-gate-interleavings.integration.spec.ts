import { afterAll, beforeAll, describe, it } from 'vitest';
import { InterleavedAppliers } from '../support/version-gate/interleaved-appliers';

describe('the version gate with interleaved transactions of several appliers', () => {
  let appliers: InterleavedAppliers;

  beforeAll(async () => {
    appliers = await InterleavedAppliers.start();
  });

  afterAll(() => appliers.stop());

  // More runs: version-gate.long.spec.ts.
  it('Each entity ends at its newest version or latest arrival, without a step backwards and with each applied once', async () => {
    await appliers.expectConvergence(20);
  });
});
