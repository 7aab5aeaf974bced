import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { replicaEqualsSource } from '../support/faults/expectations/history';
import { expectKilled } from '../support/faults/expectations/processes';
import { allReady } from '../support/faults/expectations/readiness';
import { FaultSystem } from '../support/faults/system/fault-system';
import { forgetUsers, ReconcileRuns, seedUsers } from '../support/faults/workload/reconcile-runs';
import { waitFor } from '../support/waiting/wait-for';

const ROWS = 6_000;

describe('a reconcile run that is interrupted by a crash', () => {
  let system: FaultSystem;
  let runs: ReconcileRuns;

  beforeAll(async () => {
    system = await FaultSystem.start({ asProcesses: ['profile', 'sharing', 'event-manager'] });
    runs = new ReconcileRuns(system);
    await waitFor(async () => (await runs.all()).filter(({ state }) => state === 'done').length >= 2, {
      timeoutMs: 120_000,
      what: 'the first backfills to be done',
    });
    await seedUsers(system.database('profile'), 'old', ROWS);
  });

  afterAll(async () => {
    await system?.stop();
  });

  afterEach(async () => {
    await allReady(system);
    await replicaEqualsSource(system);
  });

  it.each(['sharing', 'profile', 'event-manager'] as const)(
    '%s that is killed during a reconcile run is restarted, and the run continues and completes',
    async (app) => {
      await forgetUsers(system.database('sharing'), 'old');
      const lock = await lockUser('old003000@gw');
      const { id } = await runs.start('backfill');
      await lock.isReached();
      expect(await runs.run(id)).toMatchObject({ state: 'running', sent: expect.any(Number) });
      await system.process(app).kill();
      await expectKilled(system.process(app));
      await system.startApp(app);
      await allReady(system);
      expect((await runs.run(id)).state).toBe('running');
      await lock.release();
      expect(await runs.over(id)).toMatchObject({ state: 'done', isEqual: true });
    },
  );

  /** Inserts this user at sharing in an open transaction: the run can't continue past the user before `release`. */
  async function lockUser(userId: string) {
    const sharing = system.database('sharing');
    const lock = await sharing.connect();
    await lock.query('BEGIN');
    await lock.query(
      "INSERT INTO sharing_user (domain_id, user_id, first_name, last_name) VALUES ('gw', $1, 'locked', 'locked')",
      [userId],
    );
    const { rows } = await lock.query('SELECT pg_backend_pid() AS pid');
    return {
      isReached: () =>
        waitFor(
          async () =>
            (await sharing.query('SELECT FROM pg_stat_activity WHERE $1 = ANY(pg_blocking_pids(pid))', [rows[0].pid]))
              .rowCount,
          { timeoutMs: 120_000, what: 'the run to reach the locked user' },
        ),
      release: async () => {
        await lock.query('ROLLBACK');
        lock.release();
      },
    };
  }
});
