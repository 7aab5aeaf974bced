import { DbEventError, type Dependency, isDryRun, type Queryable, type Version } from '@dbem/db-event';
import { encodeEvent, type Group, groupCodec, type Project, projectCodec } from '@dbem/entity-codec';
import { inTransaction } from '@dbem/postgres';
import { type ApplyMany, dryRunEvents, HandlerTable } from '@dbem/replica';
import type { DryRunResult } from '@dbem/transport';
import { ARRIVAL_HEADER, type Delivery, PARKING_HEADERS } from '@dbem/transport';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type FreshDatabase, freshDatabase } from '../support/servers/fresh-database';

const PUBLISHER = 'registry';

describe('a dry run of events', () => {
  let database: FreshDatabase;
  let interfere: (id: string) => Promise<void> = async () => {};
  const seen: string[] = [];

  const upsert: ApplyMany<Project | Group> = async (changes, transaction) => {
    for (const { entityId, version } of changes) {
      seen.push(`${entityId} ${version} ${isDryRun()}`);
      await interfere(entityId);
      await transaction.query('INSERT INTO thing VALUES ($1) ON CONFLICT DO NOTHING', [entityId]);
    }
  };
  const handlers = new HandlerTable([
    { publisher: PUBLISHER, codec: projectCodec, upsert, remove: async () => {} },
    { publisher: PUBLISHER, codec: groupCodec, upsert, remove: async () => {} },
  ]);

  beforeAll(async () => {
    database = await freshDatabase('replica');
    await database.pool.query('CREATE TABLE thing (id text PRIMARY KEY CHECK (id <> $$forbidden$$))');
  });

  afterAll(async () => {
    await database.drop();
  });

  beforeEach(async () => {
    interfere = async () => {};
    seen.length = 0;
    await database.pool.query(
      'TRUNCATE thing, db_event.replica_version, db_event.deferred_event, db_event.replica_horizon',
    );
  });

  function delivery(body: Buffer, headers: Record<string, unknown> = {}): Delivery {
    return { body, headers, exchange: '', routingKey: '', redelivered: false };
  }

  function project(
    id: string,
    version?: Version,
    { dependencies, headers = {} }: { dependencies?: Dependency[]; headers?: Record<string, unknown> } = {},
  ): Delivery {
    const entity = projectCodec.encode({ projectID: id, owner: 'ada', gatewayId: 'gw', name: 'n' });
    const added =
      version === undefined ? {} : { version, entityId: id, eventId: `e${version}`, changeTimeMs: Date.now() };
    return delivery(
      encodeEvent({
        publisher: PUBLISHER,
        entityType: 'PROJECT',
        crudType: 'UPDATE',
        entity,
        ...added,
        ...(dependencies !== undefined && { dependencies }),
      }),
      headers,
    );
  }

  function group(id: string, version: Version): Delivery {
    const entity = groupCodec.encode({ id });
    const key = { publisher: PUBLISHER, entityType: 'GROUP', crudType: 'CREATE' } as const;
    return delivery(
      encodeEvent({ ...key, entity, version, entityId: id, eventId: `g${version}`, changeTimeMs: Date.now() }),
    );
  }

  const groupOf = (entityId: string): Dependency => ({ publisher: PUBLISHER, entityType: 'GROUP', entityId });

  /** Records the version as the applier does; version 0 is an event of a legacy publisher, with arrival 5. */
  const recordApplied = (id: string, version: Version, queryable: Queryable = database.pool) =>
    queryable.query(
      `INSERT INTO db_event.replica_version (publisher, entity_type, entity_id, version, deleted, arrival)
       VALUES ($1, 'PROJECT', $2, $3::bigint, false, CASE WHEN $3::bigint = 0 THEN 5 END)`,
      [PUBLISHER, id, String(version)],
    );

  const outcomes = async (...deliveries: Delivery[]) =>
    (await dryRunEvents(database.pool, handlers, deliveries)).map(({ outcome }) => outcome);

  const result = async (one: Delivery) => (await dryRunEvents(database.pool, handlers, [one]))[0] as DryRunResult;

  const rowCounts = async () => {
    const tables = ['thing', 'db_event.replica_version', 'db_event.deferred_event'];
    const counts = await Promise.all(tables.map((table) => database.pool.query(`SELECT FROM ${table}`)));
    return counts.map(({ rows }) => rows.length);
  };

  it('A dry run reports which events would be applied, and writes nothing', async () => {
    expect(await outcomes(project('a', 1n), project('b', 2n))).toEqual(['would apply', 'would apply']);
    expect(seen).toEqual(['a 1 true', 'b 2 true']);
    expect(await rowCounts()).toEqual([0, 0, 0]);
    expect(isDryRun()).toBe(false);
  });

  it('A dry run reports stale events and duplicates', async () => {
    await recordApplied('a', 5n);
    expect(await outcomes(project('a', 4n), project('a', 5n), project('a', 6n))).toEqual([
      'stale',
      'duplicate',
      'would apply',
    ]);
    expect(await outcomes(project('b', 1n), project('b', 1n))).toEqual(
      expect.arrayContaining(['would apply', 'duplicate']),
    );
  });

  it('A legacy publisher’s event is compared in a dry run by its arrival', async () => {
    const arrived = (id: string, arrival: number) =>
      project(id, undefined, { headers: { [ARRIVAL_HEADER]: String(arrival) } });
    await recordApplied('a', 0n);
    expect(await outcomes(arrived('a', 4))).toEqual(['stale']);
    expect(await outcomes(arrived('a', 5))).toEqual(['duplicate']);
    expect(await outcomes(arrived('a', 6), project('a', undefined))).toEqual(['would apply', 'would apply']);
    expect(await outcomes(arrived('b', 2), arrived('b', 1))).toEqual(['would apply', 'superseded']);
    expect(await outcomes(arrived('b', 1), arrived('b', 1))).toEqual(
      expect.arrayContaining(['would apply', 'duplicate']),
    );
  });

  it('An event is superseded in a dry run by a newer one that would be applied, but not by one that would fail', async () => {
    expect(await outcomes(project('a', 1n), project('a', 3n), project('a', 2n))).toEqual([
      'superseded',
      'would apply',
      'superseded',
    ]);
    expect(seen).toEqual(['a 3 true']);
    let attempts = 0;
    interfere = async () => {
      attempts += 1;
      if (attempts === 1) throw new Error('the newest is bad');
    };
    expect(await outcomes(project('a', 1n), project('a', 2n))).toEqual(['would apply', 'still fails']);
  });

  it('A dry run reports events that still fail with the error of the handler or the database, and continues with the others', async () => {
    interfere = async (id) => {
      if (id === 'bad') throw new Error('the handler can’t take it');
    };
    const [bad, forbidden, fine] = await dryRunEvents(database.pool, handlers, [
      project('bad', 1n),
      project('forbidden', 2n),
      project('fine', 3n),
    ]);
    expect(bad).toEqual({ outcome: 'still fails', reason: 'the handler can’t take it' });
    expect(forbidden).toMatchObject({ outcome: 'still fails', reason: expect.stringContaining('check constraint') });
    expect(fine).toEqual({ outcome: 'would apply' });
    expect(await rowCounts()).toEqual([0, 0, 0]);
  });

  it('An event that can’t be decoded or no longer has a handler still fails in a dry run', async () => {
    expect(await result(delivery(Buffer.from('nonsense')))).toMatchObject({ outcome: 'still fails' });
    const key = { publisher: 'stranger', entityType: 'PROJECT', crudType: 'CREATE' } as const;
    const entity = projectCodec.encode({ projectID: 'x', owner: 'ada', gatewayId: 'gw', name: 'n' });
    expect(await result(delivery(encodeEvent({ ...key, entity })))).toMatchObject({
      outcome: 'still fails',
      reason: expect.stringContaining('no handler for PROJECT'),
    });
  });

  it('An event older than the swept tombstones still fails in a dry run', async () => {
    await database.pool.query('INSERT INTO db_event.replica_horizon (publisher, version) VALUES ($1, 10)', [PUBLISHER]);
    const old = project('a', 3n, { headers: { [PARKING_HEADERS.firstFailedAt]: new Date().toISOString() } });
    expect(await result(old)).toMatchObject({
      outcome: 'still fails',
      reason: expect.stringContaining('older than the tombstones'),
    });
  });

  it('An event would wait in a dry run for a missing dependency, and would be applied if the dry run includes the dependency', async () => {
    const waiting = project('a', 2n, { dependencies: [groupOf('team')] });
    expect(await result(waiting)).toEqual({
      outcome: 'would wait',
      reason: 'It depends on GROUP team of registry',
    });
    expect(await outcomes(waiting, group('team', 1n))).toEqual(['would apply', 'would apply']);
    expect(await rowCounts()).toEqual([0, 0, 0]);
  });

  it('The dry-run outcome of an event is unknown if its handler can’t be rolled back', async () => {
    interfere = async () => {
      throw new Error('wrapped', { cause: new DbEventError('DRY_RUN_IMPOSSIBLE', 'no rollback takes it back') });
    };
    expect(await result(project('a', 1n))).toEqual({ outcome: 'unknown', reason: 'wrapped' });
  });

  it('A dry run rejects with the lock timeout when the applier has locked the entity', async () => {
    await inTransaction(database.pool, async (client) => {
      await recordApplied('a', 1n, client);
      await expect(dryRunEvents(database.pool, handlers, [project('a', 2n)])).rejects.toMatchObject({
        code: '55P03',
      });
    });
    expect(await outcomes(project('a', 2n))).toEqual(['would apply']);
  });
});
