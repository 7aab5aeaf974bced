import { afterAll, beforeAll, describe, it } from 'vitest';
import { type FreshDatabase, freshDatabase } from '../support/servers/fresh-database';
import { expectGateLikeModel } from '../support/version-gate/gate-model';

describe('the version gate', () => {
  let database: FreshDatabase;

  beforeAll(async () => {
    database = await freshDatabase('replica');
  });

  afterAll(() => database.drop());

  // Ten times as many runs: version-gate.long.spec.ts.
  it('The version gate lets through what its model does, of batches of one kind and of several', async () => {
    await expectGateLikeModel(database.pool, 60);
  });
});
