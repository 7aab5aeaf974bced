import { queryTogether } from '@dbem/platform';
import { Pool, type PoolClient } from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FreshDatabase, freshDatabase, waitFor } from '../support';

const BEGIN = { name: 'begin', text: 'BEGIN' };
const COMMIT = { name: 'commit', text: 'COMMIT' };
const INSERT = { name: 'insert', text: 'INSERT INTO item VALUES ($1, $2)' };

describe.each([
  { connection: 'a connection that pipelines', pipeline: true },
  { connection: 'one that waits for each answer', pipeline: false },
])('statements sent together, on $connection', ({ pipeline }) => {
  let database: FreshDatabase;
  let pool: Pool;
  let client: PoolClient;

  beforeEach(async () => {
    database = await freshDatabase();
    await database.pool.query('CREATE TABLE item (id int PRIMARY KEY, bytes bytea)');
    pool = new Pool({ connectionString: database.url, pipeline });
    client = await pool.connect();
  });

  afterEach(async () => {
    client.release();
    await pool.end();
    await database.drop();
  });

  const ids = async () => (await database.pool.query('SELECT id FROM item ORDER BY id')).rows.map(({ id }) => id);

  it('are done in order, and each has its own result', async () => {
    const [begun, inserted, read, listed, committed] = await queryTogether(client, [
      BEGIN,
      { ...INSERT, values: [1, Buffer.from('one')] },
      { text: 'SELECT id, bytes FROM item WHERE id = $1', values: [1] },
      { text: 'SELECT * FROM unnest($1::int[]) AS item (number)', values: [[7, 8]] },
      COMMIT,
    ]);
    expect([begun.command, inserted.command, inserted.rowCount, committed.command]).toEqual([
      'BEGIN',
      'INSERT',
      1,
      'COMMIT',
    ]);
    expect(read.rows).toEqual([{ id: 1, bytes: Buffer.from('one') }]);
    expect(listed.rows).toEqual([{ number: 7 }, { number: 8 }]);
    expect(await ids()).toEqual([1]);
  });

  it('are not done behind one that fails', async () => {
    const failing = { name: 'failing', text: 'SELECT 1 / $1::int', values: [0] };
    await expect(
      queryTogether(client, [BEGIN, { ...INSERT, values: [1, null] }, failing, COMMIT]),
    ).rejects.toMatchObject({ code: '22012' });
    await client.query('ROLLBACK');
    expect(await ids()).toEqual([]);
  });

  it('do not run outside of the transaction that could not begin', async () => {
    const noBegin = { text: 'BEGIN ISOLATION LEVEL nonsense' };
    await expect(queryTogether(client, [noBegin, { ...INSERT, values: [1, null] }])).rejects.toMatchObject({
      code: '42601',
    });
    expect(await ids()).toEqual([]);
  });

  it('can be sent again after one of them has failed, prepared or not', async () => {
    await expect(
      queryTogether(client, [
        BEGIN,
        { name: 'broken', text: 'SELECT nothing' },
        { ...INSERT, values: [1, null] },
        COMMIT,
      ]),
    ).rejects.toMatchObject({ code: '42703' });
    await client.query('ROLLBACK');
    for (const id of [1, 2, 3]) await queryTogether(client, [BEGIN, { ...INSERT, values: [id, null] }, COMMIT]);
    await client.query({ ...INSERT, values: [4, null] });
    expect(await ids()).toEqual([1, 2, 3, 4]);
    await expect(queryTogether(client, [{ name: 'broken', text: 'SELECT nothing' }])).rejects.toMatchObject({
      code: '42703',
    });
  });

  it('stop at values that can not be sent', async () => {
    const circular: Record<string, unknown> = {};
    circular.itself = circular;
    const unsendable = { text: 'SELECT $1::jsonb', values: [circular] };
    await expect(queryTogether(client, [BEGIN, unsendable, { ...INSERT, values: [1, null] }, COMMIT])).rejects.toThrow(
      'circular',
    );
    expect((await client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    await client.query('ROLLBACK');
    expect(await ids()).toEqual([]);
  });

  it('reject when the connection breaks under them', async () => {
    const broken: unknown[] = [];
    client.on('error', (error) => broken.push(error));
    const { rows } = await client.query('SELECT pg_backend_pid() AS pid');
    const waiting = queryTogether(client, [BEGIN, { text: 'SELECT pg_sleep(60)' }, COMMIT]);
    const rejected = expect(waiting).rejects.toThrow();
    await waitFor(async () => {
      const { rowCount } = await database.pool.query(
        'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = $1 AND query LIKE $2',
        [rows[0].pid, '%pg_sleep%'],
      );
      return rowCount === 1;
    });
    await rejected;
    await waitFor(() => broken.length > 0);
  });
});
