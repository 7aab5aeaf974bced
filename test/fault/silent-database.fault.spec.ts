import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { promisesHold, replicaEqualsSource } from '../support/faults/expectations/history';
import { expectForwarding, expectSilenced } from '../support/faults/expectations/links';
import { allReady, expectNotReady } from '../support/faults/expectations/readiness';
import { FaultSystem } from '../support/faults/system/fault-system';
import { Workload, work } from '../support/faults/workload/workload';
import { waitFor } from '../support/waiting/wait-for';

const USERS = 40;

/** Shorter than the defaults, to keep the tests short. */
const LIMITS = { DATABASE_TIMEOUT_MS: '2000', DATABASE_IDLE_TRANSACTION_MS: '8000' };

/** Long enough to observe a claim that waits for its confirms, and shorter than the broker's heartbeat timeout. */
const CONFIRM_DELAY_MS = 5_000;

describe('a PostgreSQL whose network drops all packets and closes no connection', () => {
  let system: FaultSystem;

  beforeAll(async () => {
    system = await FaultSystem.start({ environment: { profile: LIMITS, sharing: LIMITS } });
    await system.startApp('profile 2');
    await allReady(system);
  });

  afterAll(async () => {
    await system?.stop();
  });

  afterEach(async () => {
    await promisesHold(system);
  });

  it.each(['profile', 'sharing'] as const)(
    '%s whose network to PostgreSQL drops all packets under load is not ready, recovers by itself, and loses nothing',
    async (app) => {
      const workload = await Workload.start(system, `silent-${app}`);
      const link = system.link(app, 'PostgreSQL');
      link.silence();
      workload.more();
      await expectSilenced(link);
      await expectNotReady(system.app(app));
      link.restore();
      await expectForwarding(link);
      await workload.done();
    },
  );

  it.each(['profile', 'sharing'] as const)(
    '%s whose open connections to PostgreSQL stop responding opens new ones, and loses nothing',
    async (app) => {
      // While nothing is written: a cut-off request keeps its row locks until PostgreSQL detects that its client is
      // gone.
      await work(system, `before-${app}`, USERS);
      await replicaEqualsSource(system);
      const link = system.link(app, 'PostgreSQL');
      link.silencePresent();
      await work(system, `dead-${app}`, USERS);
      await expectSilenced(link);
      await replicaEqualsSource(system);
      await allReady(system);
      link.restore();
    },
  );

  it('A relay that loses its PostgreSQL connection while it has claimed rows leaves them to other relays, and nothing is lost', async () => {
    const relay = system.link('profile 2', 'PostgreSQL');
    const claims = async () => {
      const { rowCount } = await system.database('profile').query(
        `SELECT FROM pg_locks JOIN pg_stat_activity USING (pid)
         WHERE relation = 'db_event.outbox'::regclass AND mode = 'RowExclusiveLock' AND granted
         AND datname = current_database() AND client_port = ANY($1)`,
        [relay.clientPorts],
      );
      return rowCount ?? 0;
    };
    // Its confirms arrive late, so it keeps its claims for a long time.
    system.link('profile 2', 'RabbitMQ').delay(CONFIRM_DELAY_MS);
    const working = work(system, 'claimed', USERS);
    await waitFor(async () => (await claims()) > 0, { what: 'a claim in progress' });
    relay.silence();
    expect(await claims()).toBeGreaterThan(0);
    await working;
    await expectSilenced(relay);
    await waitFor(async () => (await claims()) === 0, { what: 'the database to end the claim' });
    await replicaEqualsSource(system);
    relay.restore();
    system.link('profile 2', 'RabbitMQ').restore();
    await expectForwarding(relay);
  });
});
