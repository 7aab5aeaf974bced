import { afterAll, beforeAll, describe, it } from 'vitest';
import { type FreshDatabase, freshDatabase } from '../support/servers/fresh-database';
import { expectGateLikeModel } from '../support/version-gate/gate-model';
import { InterleavedAppliers } from '../support/version-gate/interleaved-appliers';

const TIMEOUT_MS = 1_200_000;

describe('the version gate, many runs', () => {
  let appliers: InterleavedAppliers;
  let database: FreshDatabase;

  beforeAll(async () => {
    appliers = await InterleavedAppliers.start();
    database = await freshDatabase('replica');
  });

  afterAll(async () => {
    await Promise.all([appliers.stop(), database.drop()]);
  });

  it(
    'Each entity ends at its newest version in 300 random histories of interleaved transactions',
    async () => {
      await appliers.expectConvergence(300);
    },
    TIMEOUT_MS,
  );

  it(
    'The version gate accepts the same events as its model in 600 random histories',
    async () => {
      await expectGateLikeModel(database.pool, 600);
    },
    TIMEOUT_MS,
  );
});
