import { describe, it } from 'vitest';
import { expectAuditsToBeTrue, expectRunsToKeepPromises } from '../support/reconcile/run-properties';

describe('reconcile runs in a model', () => {
  it('Reconcile runs never overwrite newer rows, restore deleted rows or remove uncommitted inserts, and make replica and source equal', async () => {
    await expectRunsToKeepPromises(40);
  });

  it('An audit after the last change reports whether replica and source are equal, and changes nothing', async () => {
    await expectAuditsToBeTrue(40);
  });
});
