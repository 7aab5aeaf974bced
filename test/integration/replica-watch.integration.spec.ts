import { type EntityVersion, encodeReplicationToken } from '@dbem/db-event';
import { userProfileCodec } from '@dbem/entity-codec';
import { type Applier, createApplier, HandlerTable, type Replication, ReplicaWatch } from '@dbem/replica';
import { declareManagerTopology, declareServiceTopology, InMemoryBroker, serviceQueueOf } from '@dbem/transport';
import { Pool } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { replicationOver } from '../support/replica/replication-over';
import { userEvent, userVersion } from '../support/replica/user-events';
import { type FreshDatabase, freshDatabase } from '../support/servers/fresh-database';
import { waitFor } from '../support/waiting/wait-for';

const SERVICE = 'sharing';
const LONG_TIMEOUT = { timeoutMs: 60_000 };
/** Longer than any test runs. */
const NO_POLLING = { pollIntervalMs: 3_600_000 };

/** A pool that records the number of entities in each query of a watch. */
class CountingPool extends Pool {
  readonly entityCounts: number[] = [];

  // biome-ignore lint/suspicious/noExplicitAny: pg's query has a dozen signatures.
  override query(...given: any[]): any {
    this.entityCounts.push(given[0].values[0].length);
    return super.query(...(given as [string]));
  }
}

describe('ReplicaWatch', () => {
  let database: FreshDatabase;
  let broker: InMemoryBroker;
  let applier: Applier;
  /** Commits of the applier. */
  let commits = 0;
  const pools: Pool[] = [];
  const watches: ReplicaWatch[] = [];

  const ignore = async () => {};
  const handler = { publisher: 'user.profile', codec: userProfileCodec, upsert: ignore, remove: ignore };
  const observer = {
    committed: () => {
      commits += 1;
    },
  };
  /** An applier of another instance: its commits reach a watch only by notification. */
  const makeApplier = () =>
    createApplier(broker, database.pool, new HandlerTable([handler]), { service: SERVICE, observer });

  beforeAll(async () => {
    database = await freshDatabase('replica');
    broker = new InMemoryBroker();
    await broker.start();
    await declareManagerTopology(broker.topology);
    await declareServiceTopology(broker.topology, SERVICE, 'quorum');
  });

  beforeEach(async () => {
    await database.pool.query('TRUNCATE db_event.replica_version');
    applier = makeApplier();
    await applier.start();
  });

  afterEach(async () => {
    await Promise.all([applier.stop(), ...watches.splice(0).map((watch) => watch.stop())]);
    await Promise.all(pools.splice(0).map((pool) => pool.end()));
    await waitFor(async () => (await listeners()).length === 0);
  });

  afterAll(async () => {
    await broker.stop();
    await database.drop();
  });

  function watchOf(options: ConstructorParameters<typeof ReplicaWatch>[1] = {}) {
    const pool = new CountingPool({ connectionString: database.url, max: 5 });
    pool.on('error', () => {
      // The tests end connections.
    });
    pools.push(pool);
    const watch = new ReplicaWatch(pool, options);
    watches.push(watch);
    return { watch, pool };
  }

  const apply = (change: EntityVersion, crudType: 'UPDATE' | 'DELETE' = 'UPDATE') =>
    broker.publish({ exchange: '', routingKey: serviceQueueOf(SERVICE), body: userEvent(change, crudType) });

  const applied = (change: EntityVersion) =>
    waitFor(async () => {
      const sql = 'SELECT FROM db_event.replica_version WHERE entity_id = $1 AND version = $2';
      return (await database.pool.query(sql, [change.entityId, String(change.version)])).rowCount;
    });

  /** Database processes that listen for watches. */
  async function listeners(): Promise<number[]> {
    const { rows } = await database.pool.query<{ pid: number }>(
      "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'",
    );
    return rows.map(({ pid }) => pid);
  }

  it('A reader does not wait if the replica has the version or a later one, deleted or not', async () => {
    const { watch } = watchOf();
    await apply(userVersion('ada', 5n));
    await apply(userVersion('bob', 7n), 'DELETE');
    await applied(userVersion('ada', 5n));
    await applied(userVersion('bob', 7n));
    expect(await watch.waitFor([userVersion('ada', 5n), userVersion('bob', 6n)], LONG_TIMEOUT)).toBe('applied');
    expect(await watch.waitFor([], LONG_TIMEOUT)).toBe('applied');
    expect(await watch.waitFor([userVersion('ada', 6n)], { timeoutMs: 50 })).toBe('timeout');
    expect(watch.waiting).toBe(0);
  });

  it('A reader is woken by another instance’s commit without waiting for the poll interval', async () => {
    const { watch } = watchOf(NO_POLLING);
    const waiting = watch.waitFor([userVersion('ada', 5n), userVersion('bob', 6n)], LONG_TIMEOUT);
    await waitFor(async () => (await listeners()).length === 1);
    await apply(userVersion('ada', 5n));
    await applied(userVersion('ada', 5n));
    expect(watch.waiting).toBe(1);
    await apply(userVersion('bob', 6n));
    expect(await waiting).toBe('applied');
  });

  it('A reader is woken by this instance’s commits without a query', async () => {
    const { watch, pool } = watchOf(NO_POLLING);
    const waiting = watch.waitFor([userVersion('ada', 5n)], LONG_TIMEOUT);
    await waitFor(() => pool.entityCounts.length === 1);
    watch.noteApplied([userVersion('ada', 4n), userVersion('ada', 6n)]);
    expect(await waiting).toBe('applied');
    expect(pool.entityCounts).toEqual([1]);
  });

  it('A change whose notification was lost with the connection is found by polling', async () => {
    const { watch } = watchOf({ pollIntervalMs: 100 });
    const waiting = watch.waitFor([userVersion('ada', 5n)], LONG_TIMEOUT);
    const [listener] = await waitFor(async () => {
      const pids = await listeners();
      return pids.length === 1 && pids;
    });
    await database.pool.query('SELECT pg_terminate_backend($1)', [listener]);
    await waitFor(async () => !(await listeners()).includes(listener as number));
    await database.pool.query('INSERT INTO db_event.replica_version VALUES ($1, $2, $3, 5, false)', [
      'user.profile',
      'USER_PROFILE',
      'ada@gw',
    ]);
    expect(await waiting).toBe('applied');
  });

  it('A reader stops waiting when its caller aborts, and all readers stop when the watch is stopped', async () => {
    const { watch } = watchOf();
    const caller = new AbortController();
    const aborted = watch.waitFor([userVersion('ada', 5n)], { ...LONG_TIMEOUT, signal: caller.signal });
    const remaining = watch.waitFor([userVersion('ada', 5n)], LONG_TIMEOUT);
    caller.abort();
    expect(await aborted).toBe('timeout');
    expect(watch.waiting).toBe(1);
    await watch.stop();
    expect(await remaining).toBe('timeout');
    expect(await watch.waitFor([userVersion('ada', 5n)], LONG_TIMEOUT)).toBe('timeout');
  });

  it('A reader is rejected when the number of readers exceeds the limit', async () => {
    const { watch } = watchOf({ maxReaders: 1 });
    const first = watch.waitFor([userVersion('ada', 5n)], LONG_TIMEOUT);
    await expect(watch.waitFor([userVersion('ada', 5n)], LONG_TIMEOUT)).rejects.toMatchObject({
      code: 'REPLICA_BEHIND',
      retryable: true,
    });
    await apply(userVersion('ada', 5n));
    expect(await first).toBe('applied');
  });

  describe('with 1,000 readers', () => {
    const changes = Array.from({ length: 1_000 }, (_, index) => userVersion(`u${index}`, BigInt(index + 1)));
    const waitAt = (watch: ReplicaWatch) => changes.map((change) => watch.waitFor([change], LONG_TIMEOUT));

    it('A thousand concurrent readers cost one query, and one query per poll', async () => {
      const { watch, pool } = watchOf({ pollIntervalMs: 50 });
      const waiting = waitAt(watch);
      await waitFor(() => pool.entityCounts.length >= 3);
      expect(new Set(pool.entityCounts)).toEqual(new Set([1_000]));
      await watch.stop();
      expect(new Set(await Promise.all(waiting))).toEqual(new Set(['timeout']));
    });

    it('A thousand readers on each of two instances are woken with one query per commit', async () => {
      const instances = [watchOf(NO_POLLING), watchOf(NO_POLLING)];
      const waiting = instances.flatMap(({ watch }) => waitAt(watch));
      const queries = () => instances.map(({ pool }) => pool.entityCounts.length);
      await waitFor(async () => queries().every((count) => count === 1) && (await listeners()).length === 2);

      // Commits of other entities cost no query; the last one, which a reader waits for, proves that all were notified.
      const last = instances.map(({ watch }) => watch.waitFor([userVersion('last', 1n)], LONG_TIMEOUT));
      await waitFor(() => queries().every((count) => count === 2));
      for (let index = 1n; index <= 20n; index += 1n) {
        await apply(userVersion('other', index));
        await applied(userVersion('other', index));
      }
      await apply(userVersion('last', 1n));
      expect(await Promise.all(last)).toEqual(['applied', 'applied']);
      expect(queries()).toEqual([3, 3]);
      expect(instances.map(({ watch }) => watch.waiting)).toEqual([1_000, 1_000]);

      await applier.stop();
      for (const change of changes) await apply(change);
      const before = commits;
      applier = makeApplier();
      await applier.start();
      expect(new Set(await Promise.all(waiting))).toEqual(new Set(['applied']));
      for (const count of queries()) expect(count - 3).toBeLessThanOrEqual(commits - before);
    });
  });

  describe('for a token', () => {
    let replication: Replication;

    beforeEach(async () => {
      replication = await replicationOver(broker, [handler], { service: SERVICE, pool: database.pool });
    });

    afterEach(async () => {
      await replication.stop();
    });

    it('A token is awaited only for the entities that the service replicates', async () => {
      await apply(userVersion('ada', 5n));
      const own: EntityVersion = { publisher: SERVICE, entityType: 'GROUP', entityId: 'g', version: 1n };
      const other: EntityVersion = { publisher: 'user.profile', entityType: 'TENANT', entityId: 't', version: 1n };
      const token = encodeReplicationToken([userVersion('ada', 5n), own, other]);
      expect(await replication.awaitToken(token, LONG_TIMEOUT)).toBe('applied');
      expect(await replication.awaitToken(encodeReplicationToken([other]), { timeoutMs: 0 })).toBe('applied');
      const later = encodeReplicationToken([userVersion('ada', 6n)]);
      expect(await replication.awaitToken(later, { timeoutMs: 50 })).toBe('timeout');
    });

    it('A token that can’t be decoded is rejected', async () => {
      await expect(replication.awaitToken('nonsense', LONG_TIMEOUT)).rejects.toMatchObject({ code: 'TOKEN_INVALID' });
    });
  });
});
