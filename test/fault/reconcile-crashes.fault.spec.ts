import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { replicaEqualsSource } from '../support/faults/expectations/history';
import { expectKilled } from '../support/faults/expectations/processes';
import { allReady } from '../support/faults/expectations/readiness';
import { FaultSystem } from '../support/faults/system/fault-system';
import { forgetUsers, ReconcileRuns, seedUsers } from '../support/faults/workload/reconcile-runs';
import { waitFor } from '../support/waiting/wait-for';

const ROWS = 6_000;

describe('a run of reconcile that a crash interrupts', () => {
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
    '%s that is killed in the middle of a run of reconcile lets the run go on to its end when it is back',
    async (app) => {
      await forgetUsers(system.database('sharing'), 'old');
      const holder = await holdUser('old003000@gw');
      const { id } = await runs.start('backfill');
      await holder.isReached();
      expect(await runs.run(id)).toMatchObject({ state: 'running', sent: expect.any(Number) });
      await system.process(app).kill();
      await expectKilled(system.process(app));
      await system.startApp(app);
      await allReady(system);
      expect((await runs.run(id)).state).toBe('running');
      await holder.release();
      expect(await runs.over(id)).toMatchObject({ state: 'done', isEqual: true });
    },
  );

  /** Another transaction makes this user at sharing and does not end: the run can't get beyond the user before `release`. */
  async function holdUser(userId: string) {
    const sharing = system.database('sharing');
    const holder = await sharing.connect();
    await holder.query('BEGIN');
    await holder.query(
      "INSERT INTO sharing_user (domain_id, user_id, first_name, last_name) VALUES ('gw', $1, 'held', 'held')",
      [userId],
    );
    const { rows } = await holder.query('SELECT pg_backend_pid() AS pid');
    return {
      isReached: () =>
        waitFor(
          async () =>
            (await sharing.query('SELECT FROM pg_stat_activity WHERE $1 = ANY(pg_blocking_pids(pid))', [rows[0].pid]))
              .rowCount,
          { timeoutMs: 120_000, what: 'the run to come to the held user' },
        ),
      release: async () => {
        await holder.query('ROLLBACK');
        holder.release();
      },
    };
  }
});
