import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { waitFor } from '../support';
import { FaultSystem } from '../support/faults/fault-system';
import { historyFaults, recordHistory, replicaEqualsSource } from '../support/faults/history';
import { allReady, readinessOf } from '../support/faults/readiness';
import { work } from '../support/faults/workload';

const USERS = 40;

/** Shorter than the defaults, so that the tests are. */
const LIMITS = { DATABASE_SILENCE_MS: '2000', DATABASE_IDLE_TRANSACTION_MS: '8000' };

describe('a PostgreSQL whose network swallows everything and closes nothing', () => {
  let system: FaultSystem;
  let cases = 0;

  beforeAll(async () => {
    system = await FaultSystem.start();
    for (const service of ['profile', 'sharing'] as const) await system.restartApp(service, LIMITS);
    await system.startAnother('profile', LIMITS);
    await allReady(system);
    await recordHistory(system.database('sharing'));
  }, 240_000);

  afterAll(async () => {
    await system?.stop();
  });

  afterEach(async () => {
    await allReady(system);
    await replicaEqualsSource(system);
    expect(await historyFaults(system.database('sharing'))).toEqual({ twice: [], backwards: [] });
  });

  const isNotReady = (app: 'profile' | 'sharing') =>
    waitFor(async () => (await readinessOf(system.app(app))).status !== 200, {
      what: `${app} to say that it is not ready`,
    });

  it.each(['profile', 'sharing'] as const)(
    'network silent between %s and PostgreSQL under load → readiness says so, it heals by itself, nothing is lost',
    async (app) => {
      cases += 1;
      const working = work(system, `silent-${cases}`, USERS);
      const link = system.link(app, 'PostgreSQL');
      link.silence();
      await isNotReady(app);
      link.restore();
      await working;
    },
  );

  it.each(['profile', 'sharing'] as const)(
    'open connections of %s to PostgreSQL silent for good, new ones served → it takes new ones, nothing is lost',
    async (app) => {
      // Between two changes: a request of a user that is cut off keeps its rows for as long as PostgreSQL takes it for alive.
      await replicaEqualsSource(system);
      system.link(app, 'PostgreSQL').silencePresent();
      cases += 1;
      await work(system, `dead-${cases}`, USERS);
    },
  );

  it('relay cut off from PostgreSQL for good with rows claimed → others get the rows, nothing is lost', async () => {
    const claims = () =>
      system
        .database('profile')
        .query(
          `SELECT FROM pg_locks WHERE relation = 'db_event.outbox'::regclass AND mode = 'RowExclusiveLock' AND granted`,
        );
    // Its confirms come late, so it holds its claims for long.
    system.link('profile 2', 'RabbitMQ').delay(1_500);
    const working = work(system, 'claimed', USERS);
    const relay = system.link('profile 2', 'PostgreSQL');
    await waitFor(async () => (await claims()).rowCount !== 0, { what: 'a claim under way' });
    relay.silence();
    await working;
    await waitFor(async () => (await claims()).rowCount === 0, { what: 'the claim to be given up' });
    await replicaEqualsSource(system);
    relay.restore();
    system.link('profile 2', 'RabbitMQ').restore();
  });
});
