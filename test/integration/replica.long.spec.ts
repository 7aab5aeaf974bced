import { afterAll, beforeAll, describe, it } from 'vitest';
import { ApplierHarness } from '../support/replica/applier-harness';
import { expectConvergence } from '../support/replica/competing-appliers';

describe('Applier with a real database and broker, many runs', () => {
  let harness: ApplierHarness;

  beforeAll(async () => {
    harness = await ApplierHarness.start();
    await harness.begin();
  });

  afterAll(async () => {
    await harness.stop();
  });

  it('A replica ends at the newest version of each entity in 500 random histories, with two competing appliers', async () => {
    await expectConvergence(harness, 500);
  }, 600_000);
});
