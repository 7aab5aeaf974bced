import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { replicaEqualsSource } from '../support/faults/expectations/history';
import { expectRefused } from '../support/faults/expectations/processes';
import { allReady } from '../support/faults/expectations/readiness';
import { FaultSystem } from '../support/faults/system/fault-system';
import { forgetUsers, ReconcileRuns, seedUsers, USERS_AT_SHARING } from '../support/faults/workload/reconcile-runs';
import { request } from '../support/http/http';
import { waitFor } from '../support/waiting/wait-for';

const ROWS = 6_000;

describe('reconcile between services', () => {
  let system: FaultSystem;
  let runs: ReconcileRuns;

  beforeAll(async () => {
    system = await FaultSystem.start();
    runs = new ReconcileRuns(system);
    // The backfills of an empty profile that sharing requested at its first start.
    await waitFor(async () => (await runs.all()).filter(({ state }) => state === 'done').length >= 2, {
      timeoutMs: 120_000,
      what: 'the first backfills to be done',
    });
  });

  afterAll(async () => {
    await system?.stop();
  });

  afterEach(async () => {
    await allReady(system);
    await replicaEqualsSource(system);
  });

  const sharing = () => system.database('sharing');
  const write = async (userId: string) => {
    const body = { userId, gatewayId: 'gw', firstName: 'a', lastName: 'b', emails: [] };
    expect((await request('POST', `${system.app('profile').url}/users`, { body })).status).toBe(201);
  };
  const hasArrived = (userId: string) =>
    waitFor(async () => (await sharing().query('SELECT FROM sharing_user WHERE user_id = $1', [userId])).rowCount, {
      what: `${userId} to arrive at sharing`,
    });
  /** Stops sharing until `startApp`. */
  async function stopSharing(): Promise<void> {
    const { port } = system.app('sharing');
    await system.stopApp('sharing');
    await expectRefused(port);
  }

  it('A service that joins late gets the history while writes continue, and no other service does', async () => {
    await stopSharing();
    expect((await system.admin('DELETE', '/subscriptions/user.profile/sharing')).status).toBe(204);
    await waitFor(async () => (await system.admin('PUT', '/subscriptions/user.profile/bystander', {})).status < 300, {
      what: 'another service to be subscribed',
    });
    await seedUsers(system.database('profile'), 'old', ROWS);
    const writing = new AbortController();
    let written = 0;
    const writer = (async () => {
      for (; !writing.signal.aborted; written += 1) await write(`live${written}`);
    })();
    const before = new Set((await runs.all()).map(({ id }) => id));
    const isNew = ({ id, entityType }: { id: string; entityType: string }) =>
      !before.has(id) && entityType === USERS_AT_SHARING.entityType;
    try {
      await system.startApp('sharing');
      const backfill = await waitFor(async () => (await runs.all()).find(isNew), {
        timeoutMs: 120_000,
        what: 'a run that the subscription requested',
      });
      expect(backfill).toMatchObject({ kind: 'backfill', requestedBy: 'subscription' });
      const run = await runs.over(backfill.id);
      expect(run).toMatchObject({ state: 'done', isEqual: true });
      expect(run.sent).toBeGreaterThanOrEqual(ROWS);
    } finally {
      writing.abort();
    }
    await writer;
    await replicaEqualsSource(system);
    // The bystander received the live changes but no row of the history.
    await waitFor(
      async () => {
        const path = '/services';
        const { body } = await system.admin<{ items: { name: string; queue?: { messages: number } }[] }>('GET', path);
        return body.items.find(({ name }) => name === 'bystander')?.queue?.messages === written;
      },
      { what: `${written} events for the bystander` },
    );
    await system.admin('DELETE', '/subscriptions/user.profile/bystander');
  });

  it('A service that restarts does not request the history again', async () => {
    const before = (await runs.all()).length;
    await stopSharing();
    await system.startApp('sharing');
    await allReady(system);
    await write('started-again');
    await hasArrived('started-again@gw');
    expect((await runs.all()).length).toBe(before);
  });

  it('Drift of a replica is listed by an audit, which changes nothing, and removed by a repair', async () => {
    await sharing().query("UPDATE sharing_user SET first_name = 'by hand' WHERE user_id = 'old000010@gw'");
    await sharing().query("DELETE FROM sharing_user WHERE user_id = 'old000020@gw'");
    await sharing().query(
      "INSERT INTO sharing_user (domain_id, user_id, first_name, last_name) VALUES ('gw', 'orphan@gw', 'g', 'h')",
    );
    const audit = await runs.over((await runs.start('audit', { verifyAfterMs: 1_000 })).id);
    expect(audit).toMatchObject({
      state: 'done',
      isEqual: false,
      statement: '1 missing, 1 extra, 1 different',
      sent: 0,
    });
    expect(Object.fromEntries(audit.rows.map(({ entityId, kind, fields }) => [entityId, [kind, ...fields]]))).toEqual({
      'old000010@gw': ['different', 'firstName'],
      'old000020@gw': ['missing'],
      'orphan@gw': ['extra'],
    });
    const repair = await runs.over((await runs.start('repair', { verifyAfterMs: 1_000 })).id);
    expect(repair).toMatchObject({ state: 'done', isEqual: true, removed: 1 });
  });

  it('A reconcile run is the only one of its replica, and can be paused, resumed, cancelled and started again', async () => {
    await forgetUsers(sharing(), 'old');
    const { id } = await runs.start('backfill', { maxRowsPerSecond: 100 });
    const begun = await waitFor(
      async () => {
        const run = await runs.run(id);
        return run.compared > 0 && run.sent > 0 && run;
      },
      { what: `run ${id} to report its progress` },
    );
    expect(begun).toMatchObject({
      state: 'running',
      rowsPerSecond: expect.any(Number),
      secondsLeft: expect.any(Number),
    });
    expect(begun.sourceRows).toBeGreaterThanOrEqual(ROWS);
    expect(begun.compared).toBeLessThan(begun.sourceRows);
    expect((await system.admin('POST', '/reconcile', { ...USERS_AT_SHARING, kind: 'audit' })).status).toBe(409);
    expect((await system.admin('POST', `/reconcile/${id}/pause`)).body).toMatchObject({ state: 'paused' });
    const manager = system.app('event-manager');
    await waitFor(
      () =>
        manager.log.split('\n').some((line) => line.includes(id) && line.includes('stopped executing a reconcile run')),
      {
        what: 'the manager to release the paused run',
      },
    );
    const paused = await runs.run(id);
    expect(paused).toMatchObject({ state: 'paused' });
    expect(paused.sent).toBeLessThan(ROWS);
    // Other changes are still applied.
    await write('while-paused');
    await hasArrived('while-paused@gw');
    expect(await runs.run(id)).toMatchObject({ state: 'paused', sent: paused.sent });
    await system.admin('POST', `/reconcile/${id}/resume`);
    await waitFor(async () => (await runs.run(id)).sent > paused.sent, { what: 'the resumed run to send more' });
    expect((await system.admin('POST', `/reconcile/${id}/cancel`)).body).toMatchObject({ state: 'cancelled' });
    expect((await system.admin('POST', `/reconcile/${id}/resume`)).status).toBe(409);
    const repair = await runs.over((await runs.start('repair')).id);
    expect(repair).toMatchObject({ state: 'done', isEqual: true, compared: repair.sourceRows });
    expect(repair.differing).toBeGreaterThan(0);
  });

  it('A schedule starts audits repeatedly until it is deleted', async () => {
    const path = `/reconcile-schedules/${Object.values(USERS_AT_SHARING).join('/')}`;
    expect((await system.admin('PUT', path, { kind: 'audit', intervalSeconds: 2 })).status).toBe(200);
    await waitFor(
      async () => (await runs.all()).filter((run) => run.requestedBy === 'schedule' && run.isEqual).length >= 2,
      { timeoutMs: 120_000, what: 'two scheduled audits' },
    );
    expect((await system.admin('DELETE', path)).status).toBe(204);
    expect((await system.admin('GET', '/reconcile-schedules')).body).toEqual({ items: [] });
  });

  it('A reconcile run without a subscription and an unknown run are rejected', async () => {
    const stranger = { ...USERS_AT_SHARING, subscriber: 'stranger', kind: 'audit' };
    expect((await system.admin('POST', '/reconcile', stranger)).body).toMatchObject({
      status: 400,
      code: 'SUBSCRIPTION_INVALID',
    });
    expect((await system.admin('GET', '/reconcile/none')).body).toMatchObject({ status: 404, code: 'RUN_UNKNOWN' });
  });

  it('A subscriber that is down until its subscription expires is repaired when it returns, deletes included', async () => {
    await system.restartApp('event-manager', { BACKLOG_MAX_EVENTS: '50' });
    await allReady(system);
    await write('expiry-old');
    await replicaEqualsSource(system);
    await stopSharing();
    for (let index = 0; index < 80; index += 1) await write(`expiry-${index}`);
    await request('DELETE', `${system.app('profile').url}/users/gw/expiry-old`);
    const expiryState = async () => {
      const path = '/subscriptions?publisher=user.profile&subscriber=sharing';
      const { body } = await system.admin<{ items: { expiryState?: string }[] }>('GET', path);
      return body.items[0]?.expiryState;
    };
    await waitFor(async () => (await expiryState()) === 'dropped', { what: 'the subscription of sharing to expire' });
    await system.startApp('sharing');
    await replicaEqualsSource(system);
    expect((await runs.all()).some(({ requestedBy }) => requestedBy === 'expiry')).toBe(true);
    await waitFor(async () => (await expiryState()) === undefined, { what: 'the expiry to be removed' });
  });
});
