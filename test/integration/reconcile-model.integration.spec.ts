import { describe, it } from 'vitest';
import { expectAuditsToBeTrue, expectRunsToKeepPromises } from '../support/reconcile/run-properties';

describe('reconcile runs in a model', () => {
  it('Reconcile runs never overwrite what is newer, restore what is deleted or remove an open insert, and end equal', async () => {
    await expectRunsToKeepPromises(40);
  });

  it('An audit after the last change states whether both are equal, and changes nothing', async () => {
    await expectAuditsToBeTrue(40);
  });
});
