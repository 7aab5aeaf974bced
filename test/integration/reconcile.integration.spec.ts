import { raiseEpoch } from '@dbem/outbox';
import { inTransaction } from '@dbem/postgres';
import { type ReconcileRun, statementOf } from '@dbem/reconcile';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { recordHistory } from '../support/faults/expectations/history';
import { fillBoth, fillSource } from '../support/reconcile/fill-projects';
import { ReconciledPair } from '../support/reconcile/reconciled-pair';
import { hasLockWait } from '../support/servers/lock-waits';
import { waitFor } from '../support/waiting/wait-for';

describe('a reconcile run between two real databases', () => {
  let pair: ReconciledPair;

  beforeAll(async () => {
    pair = await ReconciledPair.start();
  });

  beforeEach(async () => {
    await pair.begin();
  });

  afterAll(async () => {
    await pair.stop();
  });

  const untilEqual = async () => {
    await waitFor(() => pair.isQuiet());
    await waitFor(() => pair.areEqual());
  };

  it('A backfill fills an empty replica with rows that existed before the service published', async () => {
    await fillSource(pair.source, 2_100);
    const audit = await pair.reconcile('audit');
    expect(statementOf(audit)?.text).toBe('2100 missing, 0 extra, 0 different');
    expect(audit).toMatchObject({
      rows: [],
      ranges: [
        { after: null, to: 'p001000', missing: 1_000 },
        { after: 'p001000', to: 'p002000', missing: 1_000 },
        { after: 'p002000', to: null, missing: 100 },
      ],
    });
    const run = await pair.reconcile('backfill');
    expect(run).toMatchObject({
      state: 'done',
      progress: { sourceRows: 2_100, removed: 0 },
      found: { missing: 2_100 },
    });
    expect(run.progress.sent).toBeGreaterThanOrEqual(2_100);
    expect(statementOf(run)?.isEqual).toBe(true);
    expect(await pair.areEqual()).toBe(true);
    expect(pair.handled.every(({ crudType, isFirst }) => crudType === 'READ' && isFirst)).toBe(true);
  });

  it('A repair restores rows for which the replica has only newer tombstones', async () => {
    await fillSource(pair.source, 3);
    await pair.reconcile('backfill');
    await pair.replica.query('DELETE FROM project');
    await pair.replica.query('UPDATE db_event.replica_version SET version = version + 1000, deleted = true');
    const run = await pair.reconcile('repair');
    expect(statementOf(run)?.isEqual).toBe(true);
    expect(await pair.areEqual()).toBe(true);
  });

  it('A backfill sends whole ranges of which the replica has only a few rows, and counts the missing ones', async () => {
    await fillSource(pair.source, 1_500);
    for (const id of ['p000700', 'p001499', 'q']) await pair.write(id === 'q' ? 'create' : 'update', id, 'live');
    await waitFor(async () => (await pair.replica.query('SELECT FROM project')).rows.length === 3);
    const run = await pair.reconcile('backfill', 10_000);
    expect(statementOf(run)?.isEqual).toBe(true);
    expect(run).toMatchObject({ found: { missing: 1_498, extra: 0, different: 0 }, progress: { sourceRows: 1_501 } });
    expect(run.progress.sent).toBeLessThanOrEqual(1_501);
    expect(await pair.areEqual()).toBe(true);
    expect(pair.handled).toHaveLength(1_501);
  });

  /**
   * Builds a backlog: changes each of 150 entities twice while a table lock blocks the appliers. Releases the lock when
   * the run waits for the backlog and has sent `sent` entities.
   */
  async function runBehindBacklog(kind: 'audit' | 'repair', sent: number): Promise<ReconcileRun> {
    await fillBoth(pair.source, pair.replica, 150);
    let running: Promise<ReconcileRun> | undefined;
    await inTransaction(pair.replica, async (lock) => {
      await lock.query('LOCK TABLE project IN SHARE MODE');
      await inTransaction(pair.source, async (client) => {
        for (let index = 0; index < 300; index += 1) {
          await pair.write('update', `p${String((index % 150) + 1).padStart(6, '0')}`, `w${index}`, client);
        }
      });
      await waitFor(async () => (await hasLockWait(pair.replica)) && (await pair.backlog()) > 0);
      running = pair.reconcile(kind, 10_000);
      await waitFor(() => pair.latest?.progress.sent === sent && pair.latest.waitingFor !== null);
    });
    return running as Promise<ReconcileRun>;
  }

  it('A repair waits for changes behind a backlog, and neither sends them again nor reports them as differences', async () => {
    const repair = await runBehindBacklog('repair', 150);
    expect(statementOf(repair)?.isEqual).toBe(true);
    expect(repair).toMatchObject({ found: { different: 150 }, progress: { sent: 150 }, waitingFor: null });
    await untilEqual();
  });

  it('An audit does not report changes behind a backlog as differences', async () => {
    expect(statementOf(await runBehindBacklog('audit', 0))?.isEqual).toBe(true);
    await untilEqual();
  });

  it('A repair sends nothing to a replica that equals its source', async () => {
    await inTransaction(pair.source, async (client) => {
      for (let index = 0; index < 300; index += 1) await pair.write('create', `p${index}`, 'n', client);
    });
    await untilEqual();
    const audit = await pair.reconcile('audit');
    expect(statementOf(audit)).toEqual({ isEqual: true, text: `equal as of version ${audit.asOfVersion}` });
    const { rows } = await pair.source.query('SELECT max(version) AS newest FROM db_event.entity_version');
    expect(audit.asOfVersion).toBe(rows[0].newest);
    const repair = await pair.reconcile('repair');
    expect(repair).toMatchObject({ state: 'done', pass: 1, progress: { compared: 300, sent: 0, removed: 0 } });
  });

  async function drift(): Promise<void> {
    await fillBoth(pair.source, pair.replica, 3_000);
    // Lost in transit: an update, a create and a delete.
    pair.manager.deliversChanges = false;
    await pair.write('update', 'p000010', 'lost update');
    await pair.write('create', 'p9-lost', 'lost create');
    await pair.write('delete', 'p000020');
    await waitFor(() => pair.manager.lost === 3);
    pair.manager.deliversChanges = true;
    // Written at the replica without the applier.
    await pair.replica.query("UPDATE project SET name = 'by hand', description = 'd' WHERE id = 'p001500'");
    await pair.replica.query("DELETE FROM project WHERE id = 'p001600'");
    await pair.replica.query("INSERT INTO project VALUES ('orphan', 'never was')");
    await pair.replica.query("DELETE FROM db_event.replica_version WHERE entity_id = 'p001700'");
    // Written at the source without publishing.
    await pair.source.query("UPDATE project SET name = 'unpublished' WHERE id = 'p001800'");
    await pair.source.query("DELETE FROM project WHERE id = 'p001900'");
  }

  it('An audit finds every kind of drift without changing anything, and a repair removes it', async () => {
    await drift();
    const audit = await pair.reconcile('audit');
    expect(statementOf(audit)).toEqual({ isEqual: false, text: '2 missing, 3 extra, 4 different' });
    const found = Object.fromEntries(audit.rows.map(({ entityId, kind, fields }) => [entityId, [kind, ...fields]]));
    expect(found).toEqual({
      p000010: ['different', 'name'],
      'p9-lost': ['missing'],
      p000020: ['extra'],
      p001500: ['different', 'name', 'description'],
      p001600: ['missing'],
      orphan: ['extra'],
      p001700: ['different'],
      p001800: ['different', 'name'],
      p001900: ['extra'],
    });
    expect(audit.progress).toMatchObject({ sent: 0, removed: 0 });
    expect(pair.handled).toEqual([]);

    const repair = await pair.reconcile('repair');
    expect(statementOf(repair)?.isEqual).toBe(true);
    expect(repair).toMatchObject({ found: { missing: 2, extra: 3, different: 4 }, progress: { sent: 6, removed: 3 } });
    expect(await pair.areEqual()).toBe(true);
    expect(statementOf(await pair.reconcile('audit'))?.isEqual).toBe(true);
  });

  it.each([
    ['has only assigned versions of the first epoch', async () => {}],
    ['has already raised its epoch within this minute', async () => void (await raiseEpoch(pair.source))],
  ])(
    'A repair assigns a higher version than the replica has, if the source was restored and %s',
    async (_case, prepare) => {
      await pair.source.query("SELECT setval('db_event.version', 1)");
      await prepare();
      await pair.applied(await pair.write('create', 'p', 'one'));
      await pair.replica.query(
        "UPDATE db_event.replica_version SET version = version + 1000000; UPDATE project SET name = 'lost future'",
      );
      const repair = await pair.reconcile('repair');
      expect(statementOf(repair)?.isEqual).toBe(true);
      expect(await pair.areEqual()).toBe(true);
      await pair.write('update', 'p', 'two');
      await untilEqual();
    },
  );

  it('A handler is called once per READ event that changes its row, however often the event arrives', async () => {
    await fillSource(pair.source, 3);
    await pair.reconcile('backfill');
    await pair.replica.query("UPDATE project SET name = 'by hand'");
    await pair.reconcile('repair');
    const handled = pair.handled.length;
    expect(handled).toBe(6);
    const repaired = pair.handled.slice(3).map(({ entityId, version }) => ({ entityId, version }));
    expect(repaired).toEqual(pair.handled.slice(0, 3).map(({ entityId, version }) => ({ entityId, version })));
    expect((await pair.reconcile('repair')).progress.sent).toBe(0);
    expect(pair.handled).toHaveLength(handled);
  });

  it.each(['commits', 'rolls back'])(
    'A row that an open transaction inserted is not removed before that transaction %s',
    async (end) => {
      // Confirm-then-commit: the replica has the row before its transaction ends.
      const client = await pair.source.connect();
      await client.query('BEGIN');
      const { version } = await pair.write('create', 'open', 'n', client);
      await pair.replica.query("INSERT INTO project VALUES ('open', 'n')");
      await pair.replica.query(
        "INSERT INTO db_event.replica_version VALUES ('registry', 'PROJECT', 'open', $1, false)",
        [String(version)],
      );
      const repairing = pair.reconcile('repair');
      await waitFor(() => hasLockWait(pair.source));
      expect((await pair.replica.query('SELECT FROM project')).rows).toHaveLength(1);
      await client.query(end === 'commits' ? 'COMMIT' : 'ROLLBACK');
      client.release();
      const repair = await repairing;
      expect(statementOf(repair)?.isEqual).toBe(true);
      expect(repair.progress.removed).toBe(end === 'commits' ? 0 : 1);
      await untilEqual();
      expect((await pair.replica.query('SELECT FROM project')).rows).toHaveLength(end === 'commits' ? 1 : 0);
    },
  );

  it('A repair under load keeps newer rows and deletes, and makes replica and source equal', async () => {
    await drift();
    await recordHistory(pair.replica);
    let isWriting = true;
    let writes = 0;
    // Each writer continues when its change has arrived: some changes are always in flight, but none for long.
    const write = async (seed: number) => {
      for (let index = seed; isWriting; index += 7) {
        const id = `p${String((index * 37) % 3_200).padStart(6, '0')}`;
        await pair.applied(await pair.write(index % 5 === 0 ? 'delete' : 'update', id, `w${index}`));
        writes += 1;
      }
    };
    const writing = Promise.all([1, 2, 3, 4, 5, 6, 7].map(write));
    onTestFinished(async () => {
      isWriting = false;
      await writing;
    });
    const audit = await pair.reconcile('audit', 5_000);
    // Writes may have repaired some of the drift; changes in flight do not count as drift.
    expect(audit.left.missing + audit.left.extra + audit.left.different).toBeLessThanOrEqual(9);
    expect(audit.rows.map(({ entityId }) => entityId)).toContain('orphan');
    const writesDuringAudit = writes;
    await pair.reconcile('repair', 1_000);
    expect(writesDuringAudit).toBeGreaterThan(0);
    expect(writes).toBeGreaterThan(writesDuringAudit);
    await waitFor(() => writes > 50);
    isWriting = false;
    await writing;
    await pair.reconcile('repair', 1_000);
    await untilEqual();
    const { rows: backwards } = await pair.replica.query('SELECT * FROM history WHERE version < earlier_version');
    expect(backwards).toEqual([]);
  });
});
