import { inTransaction } from '@dbem/platform';
import { statementOf } from '@dbem/reconcile';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { waitFor } from '../support';
import { ReconciledPair } from '../support/reconcile/reconciled-pair';

/** Enough to go on through the audit and into the repair; what they leave in the queues must be applied before the end. */
const MOST_WRITES = 2_500;

describe('a run between two real databases', () => {
  let pair: ReconciledPair;

  beforeEach(async () => {
    pair = await ReconciledPair.start();
  });

  afterEach(async () => {
    await pair.stop();
  });

  /** Rows that were there before the service published. */
  const fillSource = (rows: number) =>
    pair.source.query(
      "INSERT INTO project SELECT 'p' || lpad(g::text, 6, '0'), 'n' || g FROM generate_series(1, $1::int) g",
      [rows],
    );
  const equal = () => waitFor(() => pair.areEqual());
  const settled = async () => {
    await waitFor(() => pair.isQuiet());
    await equal();
  };

  it('fills an empty replica with rows that were there before the service published, and says so', async () => {
    await fillSource(2_500);
    const audit = await pair.reconcile('audit');
    expect(statementOf(audit)?.text).toBe('2500 missing, 0 extra, 0 different');
    expect(audit).toMatchObject({
      rows: [],
      ranges: [
        { after: null, to: 'p001000', missing: 1_000 },
        { after: 'p001000', to: 'p002000', missing: 1_000 },
        { after: 'p002000', to: null, missing: 500 },
      ],
    });
    const run = await pair.reconcile('backfill');
    expect(run).toMatchObject({
      state: 'done',
      progress: { sourceRows: 2_500, removed: 0 },
      found: { missing: 2_500 },
    });
    expect(run.progress.sent).toBeGreaterThanOrEqual(2_500);
    expect(statementOf(run)?.isEqual).toBe(true);
    expect(await pair.areEqual()).toBe(true);
    expect(pair.handled.every(({ crudType, isFirst }) => crudType === 'READ' && isFirst)).toBe(true);
  });

  it('heals a range of which the replica holds nothing but tombstones that are newer than the rows', async () => {
    await fillSource(3);
    await pair.reconcile('backfill');
    await pair.replica.query('DELETE FROM project');
    await pair.replica.query('UPDATE db_event.replica_version SET version = version + 1000, deleted = true');
    const run = await pair.reconcile('repair');
    expect(statementOf(run)?.isEqual).toBe(true);
    expect(await pair.areEqual()).toBe(true);
  });

  it('sends ranges as a whole of which the replica holds a little, and counts what was missing', async () => {
    await fillSource(2_500);
    for (const id of ['p000700', 'p002499', 'q']) await pair.write(id === 'q' ? 'create' : 'update', id, 'live');
    await waitFor(async () => (await pair.replica.query('SELECT FROM project')).rows.length === 3);
    const run = await pair.reconcile('backfill', 10_000);
    expect(statementOf(run)?.isEqual).toBe(true);
    expect(run).toMatchObject({ found: { missing: 2_498, extra: 0, different: 0 }, progress: { sourceRows: 2_501 } });
    expect(run.progress.sent).toBeLessThanOrEqual(2_501);
    expect(await pair.areEqual()).toBe(true);
    expect(pair.handled).toHaveLength(2_501);
  });

  it('waits for what is behind a backlog, and neither sends it again nor gives it up', async () => {
    await fillSource(1_500);
    await pair.reconcile('backfill');
    const lock = await pair.replica.connect();
    await lock.query('BEGIN; LOCK TABLE project IN SHARE MODE');
    // More than an applier holds by itself; what it holds is applied well within the time that a difference is given.
    await inTransaction(pair.source, async (client) => {
      for (let index = 0; index < 3_000; index += 1) {
        await pair.write('update', `p${String((index % 1_500) + 1).padStart(6, '0')}`, `w${index}`, client);
      }
    });
    const repairing = pair.reconcile('repair', 10_000);
    await waitFor(() => pair.latest?.progress.sent === 1_500 && pair.latest.waitingFor !== null, { timeoutMs: 60_000 });
    await lock.query('COMMIT');
    lock.release();
    const repair = await repairing;
    expect(statementOf(repair)?.isEqual).toBe(true);
    expect(repair).toMatchObject({ found: { different: 1_500 }, progress: { sent: 1_500 }, waitingFor: null });
    await settled();
  }, 120_000);

  it('an audit takes what is behind a backlog for no difference', async () => {
    await fillSource(1_500);
    await pair.reconcile('backfill');
    const lock = await pair.replica.connect();
    await lock.query('BEGIN; LOCK TABLE project IN SHARE MODE');
    await inTransaction(pair.source, async (client) => {
      for (let index = 0; index < 3_000; index += 1) {
        await pair.write('update', `p${String((index % 1_500) + 1).padStart(6, '0')}`, `w${index}`, client);
      }
    });
    await waitFor(async () => !(await pair.isQuiet()));
    const auditing = pair.reconcile('audit', 10_000);
    await waitFor(() => pair.latest?.kind === 'audit' && pair.latest.waitingFor !== null, { timeoutMs: 60_000 });
    await lock.query('COMMIT');
    lock.release();
    expect(statementOf(await auditing)?.isEqual).toBe(true);
  }, 120_000);

  it('sends nothing to a replica that is equal', async () => {
    for (let index = 0; index < 300; index += 1) await pair.write('create', `p${index}`);
    await settled();
    const audit = await pair.reconcile('audit');
    expect(statementOf(audit)).toEqual({ isEqual: true, text: `equal as of version ${audit.asOfVersion}` });
    const { rows } = await pair.source.query('SELECT max(version) AS newest FROM db_event.entity_version');
    expect(audit.asOfVersion).toBe(rows[0].newest);
    const repair = await pair.reconcile('repair');
    expect(repair).toMatchObject({ state: 'done', pass: 1, progress: { compared: 300, sent: 0, removed: 0 } });
  });

  async function drift(): Promise<void> {
    await fillSource(3_000);
    await pair.reconcile('backfill');
    // Lost on the way: a change, a creation and a delete.
    pair.deliversChanges = false;
    await pair.write('update', 'p000010', 'lost update');
    await pair.write('create', 'p9-lost', 'lost creation');
    await pair.write('delete', 'p000020');
    await waitFor(() => pair.lost === 3);
    pair.deliversChanges = true;
    // Written past the applier, at the replica.
    await pair.replica.query("UPDATE project SET name = 'by hand', description = 'd' WHERE id = 'p001500'");
    await pair.replica.query("DELETE FROM project WHERE id = 'p001600'");
    await pair.replica.query("INSERT INTO project VALUES ('ghost', 'never was')");
    await pair.replica.query("DELETE FROM db_event.replica_version WHERE entity_id = 'p001700'");
    // Written without publishing, at the source.
    await pair.source.query("UPDATE project SET name = 'in silence' WHERE id = 'p001800'");
    await pair.source.query("DELETE FROM project WHERE id = 'p001900'");
  }

  it('finds drift of every sort in an audit, without changing anything, and heals it in a repair', async () => {
    await drift();
    const handled = pair.handled.length;
    const audit = await pair.reconcile('audit');
    expect(statementOf(audit)).toEqual({ isEqual: false, text: '2 missing, 3 extra, 4 different' });
    const found = Object.fromEntries(audit.rows.map(({ entityId, kind, fields }) => [entityId, [kind, ...fields]]));
    expect(found).toEqual({
      p000010: ['different', 'name'],
      'p9-lost': ['missing'],
      p000020: ['extra'],
      p001500: ['different', 'name', 'description'],
      p001600: ['missing'],
      ghost: ['extra'],
      p001700: ['different'],
      p001800: ['different', 'name'],
      p001900: ['extra'],
    });
    expect(audit.progress).toMatchObject({ sent: 0, removed: 0 });
    expect(pair.handled).toHaveLength(handled);

    const repair = await pair.reconcile('repair');
    expect(statementOf(repair)?.isEqual).toBe(true);
    expect(repair).toMatchObject({ found: { missing: 2, extra: 3, different: 4 }, progress: { sent: 6, removed: 3 } });
    expect(await pair.areEqual()).toBe(true);
    expect(statementOf(await pair.reconcile('audit'))?.isEqual).toBe(true);
  });

  it('takes a replica’s version that a restored source never handed out for what it is, and goes past it', async () => {
    await pair.write('create', 'p', 'one');
    await settled();
    await pair.replica.query(
      "UPDATE db_event.replica_version SET version = version + 1000000; UPDATE project SET name = 'lost future'",
    );
    const repair = await pair.reconcile('repair');
    expect(statementOf(repair)?.isEqual).toBe(true);
    expect(await pair.areEqual()).toBe(true);
    await pair.write('update', 'p', 'two');
    await settled();
  });

  it('fires no handler twice, however often a READ comes', async () => {
    await fillSource(3);
    await pair.reconcile('backfill');
    await pair.replica.query("UPDATE project SET name = 'by hand'");
    await pair.reconcile('repair');
    const handled = pair.handled.length;
    expect(handled).toBe(6);
    const copies = pair.handled.slice(3).map(({ entityId, version }) => ({ entityId, version }));
    expect(copies).toEqual(pair.handled.slice(0, 3).map(({ entityId, version }) => ({ entityId, version })));
    expect((await pair.reconcile('repair')).progress.sent).toBe(0);
    expect(pair.handled).toHaveLength(handled);
  });

  it.each(['commits', 'rolls back'])(
    'does not remove what an open transaction has inserted, until that %s',
    async (end) => {
      // Confirm-then-commit: the replica has the row before its transaction ends.
      const client = await pair.source.connect();
      await client.query('BEGIN');
      await pair.write('create', 'open', 'n', client);
      const { rows } = await client.query("SELECT version FROM db_event.entity_version WHERE entity_id = 'open'");
      await pair.replica.query("INSERT INTO project VALUES ('open', 'n')");
      await pair.replica.query(
        "INSERT INTO db_event.replica_version VALUES ('registry', 'PROJECT', 'open', $1, false)",
        [rows[0].version],
      );
      const repairing = pair.reconcile('repair');
      const isBurying = async () => {
        const { rows: waiting } = await pair.source.query(
          "SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock'",
        );
        return waiting.length > 0;
      };
      await waitFor(isBurying);
      expect((await pair.replica.query('SELECT FROM project')).rows).toHaveLength(1);
      await client.query(end === 'commits' ? 'COMMIT' : 'ROLLBACK');
      client.release();
      const repair = await repairing;
      expect(statementOf(repair)?.isEqual).toBe(true);
      expect(repair.progress.removed).toBe(end === 'commits' ? 0 : 1);
      await settled();
      expect((await pair.replica.query('SELECT FROM project')).rows).toHaveLength(end === 'commits' ? 1 : 0);
    },
  );

  it('repairs under load: newer rows stay, deleted ones stay away, and all is equal in the end', async () => {
    await drift();
    let isWriting = true;
    let writes = 0;
    const write = async (seed: number) => {
      for (let turn = seed; isWriting && writes < MOST_WRITES; turn += 7) {
        const id = `p${String((turn * 37) % 3_200).padStart(6, '0')}`;
        await pair.write(turn % 5 === 0 ? 'delete' : 'update', id, `w${turn}`);
        writes += 1;
      }
    };
    const writing = Promise.all([write(1), write(2), write(3)]);
    const audit = await pair.reconcile('audit', 3_000);
    // Load may have healed some of it by the way; what is on its way is never taken for drift.
    expect(audit.left.missing + audit.left.extra + audit.left.different).toBeLessThanOrEqual(9);
    expect(audit.rows.map(({ entityId }) => entityId)).toContain('ghost');
    await pair.reconcile('repair', 3_000);
    isWriting = false;
    await writing;
    expect(writes).toBeGreaterThan(50);
    await waitFor(() => pair.isQuiet());
    await pair.reconcile('repair', 1_000);
    await settled();
    const byEntity = new Map<string, bigint>();
    for (const { entityId, version = 0n } of pair.handled) {
      expect(version).toBeGreaterThanOrEqual(byEntity.get(entityId) ?? 0n);
      byEntity.set(entityId, version);
    }
  }, 300_000);
});
