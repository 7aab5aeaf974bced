import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { request, waitFor } from '../support';
import { FaultSystem } from '../support/faults/fault-system';
import { replicaEqualsSource } from '../support/faults/history';

const ROWS = 6_000;
const KEY = { publisher: 'user.profile', subscriber: 'sharing', entityType: 'USER_PROFILE' } as const;

interface Run {
  readonly id: string;
  readonly kind: string;
  readonly state: string;
  readonly requestedBy: string;
  readonly entityType: string;
  readonly sent: number;
  readonly removed: number;
  readonly compared: number;
  readonly differing: number;
  readonly sourceRows: number;
  readonly isEqual?: boolean;
  readonly statement?: string;
  readonly found: { readonly missing: number; readonly extra: number; readonly different: number };
  readonly rows: readonly { readonly kind: string; readonly entityId: string; readonly fields: readonly string[] }[];
}

describe('reconcile between processes', () => {
  let system: FaultSystem;

  beforeAll(async () => {
    system = await FaultSystem.start();
  }, 180_000);

  afterAll(async () => {
    await system?.stop();
  });

  const profile = () => system.database('profile');
  const sharing = () => system.database('sharing');
  const runs = async () => (await system.admin('GET', '/reconcile')).body.items as Run[];
  const runOf = async (id: string) => (await system.admin('GET', `/reconcile/${id}`)).body as unknown as Run;
  const start = async (kind: string, options = {}) => {
    const { status, body } = await system.admin('POST', '/reconcile', { ...KEY, kind, ...options });
    expect([status, body]).toEqual([202, expect.anything()]);
    return body as unknown as Run;
  };
  const over = (id: string) =>
    waitFor(
      async () => {
        const run = await runOf(id).catch(() => undefined);
        return run !== undefined && ['done', 'failed', 'cancelled'].includes(run.state) && run;
      },
      { timeoutMs: 180_000, what: `run ${id} to be over` },
    );
  const isUnderWay = (id: string) =>
    waitFor(async () => ((await runOf(id)).sent > 500 ? true : undefined), {
      timeoutMs: 60_000,
      what: `run ${id} to send`,
    });

  /** Rows that profile had before it published. */
  const seed = (prefix: string, rows: number) =>
    profile().query(
      `INSERT INTO profile_user (user_id, gateway_id, first_name, last_name, emails, state, created_ms, last_access_ms, valid_until_ms)
       SELECT $1 || lpad(g::text, 6, '0'), 'gw', 'f' || g, 'l', ARRAY['a@b'], 'ACTIVE', 0, 0, 0 FROM generate_series(1, $2::int) g`,
      [prefix, rows],
    );
  const forget = (prefix: string) =>
    sharing().query(
      `WITH gone AS (DELETE FROM sharing_user WHERE user_id LIKE $1 RETURNING user_id)
       DELETE FROM db_event.replica_version WHERE entity_id IN (SELECT user_id FROM gone)`,
      [`${prefix}%`],
    );
  const write = (userId: string) =>
    request('POST', `${system.app('profile').url}/users`, {
      body: { userId, gatewayId: 'gw', firstName: 'a', lastName: 'b', emails: [] },
    });

  it('a service that joins late → gets the history, alone, while writes go on', async () => {
    // What sharing asked for at its first start, of an empty profile.
    await waitFor(async () => (await runs()).filter(({ state }) => state === 'done').length >= 2, {
      timeoutMs: 90_000,
    });
    await system.app('sharing').stop();
    expect((await system.admin('DELETE', '/subscriptions/user.profile/sharing')).status).toBe(204);
    await waitFor(async () => (await system.admin('PUT', '/subscriptions/user.profile/bystander', {})).status < 300, {
      timeoutMs: 60_000,
    });
    await seed('old', ROWS);
    let isWriting = true;
    let written = 0;
    const writing = (async () => {
      for (; isWriting; written += 1) await write(`live${written}`);
    })();
    const before = new Set((await runs()).map(({ id }) => id));
    await system.startApp('sharing');
    const users = await waitFor(
      async () => (await runs()).find(({ id, entityType }) => !before.has(id) && entityType === KEY.entityType),
      { timeoutMs: 60_000, what: 'a run that the subscription asked for' },
    ).catch((error) => {
      isWriting = false;
      throw error;
    });
    expect(users).toMatchObject({ kind: 'backfill', requestedBy: 'subscription' });
    const run = await over(users.id).finally(() => {
      isWriting = false;
    });
    await writing;
    expect(run).toMatchObject({ state: 'done', isEqual: true });
    expect(run.sent).toBeGreaterThanOrEqual(ROWS);
    await replicaEqualsSource(system);
    // The bystander got the live changes and no row of the history.
    const bystander = await waitFor(async () => {
      const { body } = await system.admin('GET', '/services');
      const service = (body.items as { name: string; queue?: { messages: number } }[]).find(
        ({ name }) => name === 'bystander',
      );
      return service?.queue?.messages === written && service;
    });
    expect(bystander).toBeDefined();
    await system.admin('DELETE', '/subscriptions/user.profile/bystander');
  });

  it('a service that starts again → asks for no history again', async () => {
    const before = (await runs()).length;
    await system.restartApp('sharing');
    await system.app('sharing').waitUntilReady();
    expect((await runs()).length).toBe(before);
  });

  it('drift → an audit lists it and changes nothing, a repair heals it', async () => {
    await sharing().query("UPDATE sharing_user SET first_name = 'by hand' WHERE user_id = 'old000010@gw'");
    await sharing().query("DELETE FROM sharing_user WHERE user_id = 'old000020@gw'");
    await sharing().query(
      "INSERT INTO sharing_user (domain_id, user_id, first_name, last_name) VALUES ('gw', 'ghost@gw', 'g', 'h')",
    );
    const audit = await over((await start('audit', { settleMs: 1_000 })).id);
    expect(audit).toMatchObject({
      state: 'done',
      isEqual: false,
      statement: '1 missing, 1 extra, 1 different',
      sent: 0,
    });
    expect(Object.fromEntries(audit.rows.map(({ entityId, kind, fields }) => [entityId, [kind, ...fields]]))).toEqual({
      'old000010@gw': ['different', 'firstName'],
      'old000020@gw': ['missing'],
      'ghost@gw': ['extra'],
    });
    const repair = await over((await start('repair', { settleMs: 1_000 })).id);
    expect(repair).toMatchObject({ state: 'done', isEqual: true, removed: 1 });
    await replicaEqualsSource(system);
  });

  it.each(['sharing', 'profile', 'event-manager'] as const)(
    '%s killed in mid-run → the run goes on to its end',
    async (app) => {
      await forget('old');
      const { id } = await start('backfill', { maxRowsPerSecond: 1_500 });
      await isUnderWay(id);
      await system.restartApp(app);
      expect(await over(id)).toMatchObject({ state: 'done', isEqual: true });
      await replicaEqualsSource(system);
    },
  );

  it('one run at a time, that can be paused, resumed, cancelled and run again', async () => {
    await forget('old');
    const { id } = await start('backfill', { maxRowsPerSecond: 1_000 });
    const begun = await waitFor(
      async () => {
        const run = await runOf(id);
        return run.compared > 0 && run.sent > 0 && run;
      },
      { timeoutMs: 60_000, what: `run ${id} to show how far it is` },
    );
    expect(begun).toMatchObject({
      state: 'running',
      rowsPerSecond: expect.any(Number),
      secondsLeft: expect.any(Number),
    });
    expect(begun.sourceRows).toBeGreaterThanOrEqual(ROWS);
    expect(begun.compared).toBeLessThan(begun.sourceRows);
    expect(begun.sent).toBeGreaterThan(0);
    expect((await system.admin('POST', '/reconcile', { ...KEY, kind: 'audit' })).status).toBe(409);
    expect((await system.admin('POST', `/reconcile/${id}/pause`)).body).toMatchObject({ state: 'paused' });
    const paused = await waitFor(async () => {
      const [one, other] = [
        await runOf(id),
        await new Promise<Run>((resolve) => setTimeout(() => resolve(runOf(id)), 1_500)),
      ];
      return one.sent === other.sent && one;
    });
    expect(paused).toMatchObject({ state: 'paused' });
    expect(paused.sent).toBeLessThan(ROWS);
    await system.admin('POST', `/reconcile/${id}/resume`);
    await waitFor(async () => (await runOf(id)).sent > paused.sent, { timeoutMs: 60_000 });
    expect((await system.admin('POST', `/reconcile/${id}/cancel`)).body).toMatchObject({ state: 'cancelled' });
    expect((await system.admin('POST', `/reconcile/${id}/resume`)).status).toBe(409);
    const repair = await over((await start('repair')).id);
    expect(repair).toMatchObject({ state: 'done', isEqual: true, compared: repair.sourceRows });
    expect(repair.differing).toBeGreaterThan(0);
    await replicaEqualsSource(system);
  });

  it('a schedule → audits again and again', async () => {
    const path = `/reconcile-schedules/${KEY.publisher}/${KEY.subscriber}/${KEY.entityType}`;
    expect((await system.admin('PUT', path, { kind: 'audit', intervalSeconds: 2 })).status).toBe(200);
    await waitFor(
      async () => (await runs()).filter((run) => run.requestedBy === 'schedule' && run.isEqual).length >= 2,
      {
        timeoutMs: 90_000,
      },
    );
    expect((await system.admin('DELETE', path)).status).toBe(204);
    expect((await system.admin('GET', '/reconcile-schedules')).body).toEqual({ items: [] });
  });

  it('what is not subscribed, and what is no run, is refused', async () => {
    const stranger = { ...KEY, subscriber: 'stranger', kind: 'audit' };
    expect((await system.admin('POST', '/reconcile', stranger)).body).toMatchObject({
      status: 400,
      code: 'SUBSCRIPTION_INVALID',
    });
    expect((await system.admin('GET', '/reconcile/none')).body).toMatchObject({ status: 404, code: 'RUN_UNKNOWN' });
  });

  it('a subscriber away until its subscription lapses → is repaired at its return, deletes included', async () => {
    await system.restartApp('event-manager', { BACKLOG_MAX_MESSAGES: '50' });
    await system.waitUntilReady();
    await write('lapse-old');
    await replicaEqualsSource(system);
    await system.app('sharing').kill();
    for (let index = 0; index < 80; index += 1) await write(`lapse-${index}`);
    await request('DELETE', `${system.app('profile').url}/users/gw/lapse-old`);
    const lapseState = async () => {
      const { body } = await system.admin('GET', '/subscriptions?publisher=user.profile&subscriber=sharing');
      return (body.items as { lapseState?: string }[])[0]?.lapseState;
    };
    await waitFor(async () => (await lapseState()) === 'dropped', { timeoutMs: 60_000, what: 'sharing to lapse' });
    await system.startApp('sharing');
    await replicaEqualsSource(system);
    expect((await runs()).some(({ requestedBy }) => requestedBy === 'lapse')).toBe(true);
    await waitFor(async () => (await lapseState()) === undefined, { what: 'the lapse to be over' });
  });
});
