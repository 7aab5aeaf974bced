import { describe, it } from 'vitest';
import { expectAuditsToBeTrue, expectRunsToKeepPromises } from '../support/reconcile/run-properties';

describe('reconcile runs in a model', () => {
  it('Reconcile runs never overwrite newer rows, restore deleted rows or remove uncommitted inserts, and make replica and source equal (600 runs)', async () => {
    await expectRunsToKeepPromises(600);
  }, 1_200_000);

  it('An audit after the last change reports whether replica and source are equal, and changes nothing (300 runs)', async () => {
    await expectAuditsToBeTrue(300);
  }, 1_200_000);
});
