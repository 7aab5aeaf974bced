import type { EntityVersion } from '@dbem/db-event';
import { type Project, projectCodec } from '@dbem/entity-codec';
import { collectPublished, created, OutboxChangePublisher, outboxMigrations, updated } from '@dbem/outbox';
import { migrate } from '@dbem/platform';
import { type Client, Pool, type PoolClient } from 'pg';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type FreshDatabase, freshDatabase } from '../support';

function project(id: string, name = 'n'): Project {
  return { projectID: id, owner: 'ada', gatewayId: 'gw', name };
}

describe.each([
  { connection: 'a connection that pipelines', pipeline: true },
  { connection: 'one that waits for each answer', pipeline: false },
])('changes published with the commit, on $connection', ({ pipeline }) => {
  const publisher = new OutboxChangePublisher('registry');
  let database: FreshDatabase;
  let pool: Pool;
  let client: PoolClient;

  beforeEach(async () => {
    database = await freshDatabase();
    await migrate(database.pool, outboxMigrations);
    await database.pool.query('CREATE TABLE project (id text PRIMARY KEY DEFERRABLE INITIALLY DEFERRED)');
    pool = new Pool({ connectionString: database.url, pipeline });
    client = await pool.connect();
  });

  afterEach(async () => {
    client.release();
    await pool.end();
    await database.drop();
  });

  async function write(id: string): Promise<void> {
    await client.query('BEGIN');
    await client.query('INSERT INTO project VALUES ($1)', [id]);
  }

  const rows = async () => (await database.pool.query('SELECT id FROM project ORDER BY 1')).rows.map(({ id }) => id);
  const outbox = async () => {
    const { rows: waiting } = await database.pool.query(
      'SELECT entity_id, crud_type, version FROM db_event.outbox ORDER BY version',
    );
    return waiting.map(({ entity_id, crud_type, version }) => `${crud_type} ${entity_id} ${version}`);
  };

  /** It is over, and the connection is as good as new. */
  async function expectRolledBack(): Promise<void> {
    expect(await rows()).toEqual([]);
    expect(await outbox()).toEqual([]);
    await write('next');
    await publisher.publishAndCommit(client, [created(projectCodec, project('next'))]);
    expect(await rows()).toEqual(['next']);
  }

  it('are there when it resolves, with the versions that it tells', async () => {
    await write('p');
    const collected: EntityVersion[] = [];
    const changes = [created(projectCodec, project('p')), updated(projectCodec, project('q'))];
    const published = await collectPublished(collected, () => publisher.publishAndCommit(client, changes));
    expect(published.map(({ publisher: service, entityId }) => `${service} ${entityId}`)).toEqual([
      'registry p',
      'registry q',
    ]);
    expect(await outbox()).toEqual([`CREATE p ${published[0]?.version}`, `UPDATE q ${published[1]?.version}`]);
    expect(await rows()).toEqual(['p']);
    expect(collected).toEqual(published);
    await write('r');
    await publisher.publishAndCommit(client, []);
    expect(await rows()).toEqual(['p', 'r']);
  });

  it('leave nothing behind if a change is no good', async () => {
    await write('p');
    const changes = [created(projectCodec, project('p', 'NUL\0'))];
    await expect(publisher.publishAndCommit(client, changes)).rejects.toThrow('holds a NUL character');
    await expectRolledBack();
  });

  it('leave nothing behind if the outbox refuses them', async () => {
    await database.pool.query("ALTER TABLE db_event.outbox ADD CHECK (entity_id <> 'refused')");
    await write('p');
    const changes = [created(projectCodec, project('refused'))];
    await expect(publisher.publishAndCommit(client, changes)).rejects.toMatchObject({ code: '23514' });
    await expectRolledBack();
  });

  it('leave nothing behind if the transaction would not commit', async () => {
    await database.pool.query("INSERT INTO project VALUES ('there')");
    await write('there');
    const changes = [created(projectCodec, project('there'))];
    await expect(publisher.publishAndCommit(client, changes)).rejects.toMatchObject({ code: '23505' });
    await database.pool.query('DELETE FROM project');
    await expectRolledBack();
  });

  it('leave nothing behind if a statement had failed before', async () => {
    await write('p');
    await client.query('SELECT 1 / 0').catch(() => {});
    await expect(publisher.publishAndCommit(client, [created(projectCodec, project('p'))])).rejects.toThrow();
    await write('p');
    await client.query('SELECT 1 / 0').catch(() => {});
    await expect(publisher.publishAndCommit(client, [])).rejects.toMatchObject({ code: 'TRANSACTION_ABORTED' });
    await expectRolledBack();
  });

  it('leave together with the commit, in one query', async () => {
    await write('p');
    const query = vi.spyOn(client as Client, 'query');
    await publisher.publishAndCommit(client, [created(projectCodec, project('p'))]);
    expect(query).toHaveBeenCalledTimes(1);
    query.mockRestore();
    expect(await rows()).toEqual(['p']);
  });
});
