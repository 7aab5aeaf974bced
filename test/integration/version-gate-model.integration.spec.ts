import { afterAll, beforeAll, describe, it } from 'vitest';
import { type FreshDatabase, freshDatabase } from '../support/servers/fresh-database';
import { expectGateLikeModel } from '../support/version-gate/gate-model';

describe('the version gate', () => {
  let database: FreshDatabase;

  beforeAll(async () => {
    database = await freshDatabase('replica');
  });

  afterAll(() => database.drop());

  // More runs: version-gate.long.spec.ts.
  it('The version gate accepts the same events as its model, in batches of one kind and in mixed batches', async () => {
    await expectGateLikeModel(database.pool, 60);
  });
});
