import { type EntityVersion, encodeReplicationToken } from '@dbem/db-event';
import { encodeEvent, userProfileCodec } from '@dbem/entity-codec';
import { migrate } from '@dbem/platform';
import { Applier, eachOneByOne, HandlerTable, Replication, ReplicaWatch, replicaMigrations } from '@dbem/replica';
import { declareManagerTopology, declareServiceTopology, InMemoryBroker, serviceQueueOf } from '@dbem/transport';
import { Pool } from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FreshDatabase, freshDatabase, waitFor } from '../support';

const SERVICE = 'sharing';
const PATIENTLY = { timeoutMs: 20_000 };

function user(id: string, version: bigint): EntityVersion {
  return { publisher: 'user.profile', entityType: 'USER_PROFILE', entityId: `${id}@gw`, version };
}

/** A pool that counts what is asked of it. */
class CountingPool extends Pool {
  queries = 0;

  // biome-ignore lint/suspicious/noExplicitAny: pg's query has a dozen signatures.
  override query(...given: any[]): any {
    this.queries += 1;
    return super.query(...(given as [string]));
  }
}

describe('ReplicaWatch', () => {
  let database: FreshDatabase;
  let broker: InMemoryBroker;
  let pools: Pool[];
  let watches: ReplicaWatch[];
  let applier: Applier;

  beforeEach(async () => {
    database = await freshDatabase();
    await migrate(database.pool, replicaMigrations);
    broker = new InMemoryBroker();
    await broker.start();
    await declareManagerTopology(broker.topology);
    await declareServiceTopology(broker.topology, SERVICE, 'quorum');
    pools = [];
    watches = [];
    // Another instance: its commits reach a watch by notification only.
    const ignore = eachOneByOne<unknown>(async () => {});
    const handlers = new HandlerTable([
      { publisher: 'user.profile', codec: userProfileCodec, upsert: ignore, remove: ignore } as never,
    ]);
    applier = new Applier(broker, database.pool, handlers, { service: SERVICE });
    await applier.start();
  });

  afterEach(async () => {
    await Promise.all([applier.stop(), ...watches.map((watch) => watch.stop())]);
    await broker.stop();
    await Promise.all(pools.map((pool) => pool.end()));
    await database.drop();
  });

  function watchOf(options: ConstructorParameters<typeof ReplicaWatch>[1] = {}) {
    const pool = new CountingPool({ connectionString: database.url, max: 5 });
    pool.on('error', () => {
      // A test ends connections.
    });
    pools.push(pool);
    const watch = new ReplicaWatch(pool, options);
    watches.push(watch);
    return { watch, pool };
  }

  async function apply({ entityId, version, ...rest }: EntityVersion, crudType: 'UPDATE' | 'DELETE' = 'UPDATE') {
    const entity = userProfileCodec.encode({
      airavataInternalUserId: entityId,
      userId: entityId.replace('@gw', ''),
      gatewayId: 'gw',
      emails: [],
      firstName: 'a',
      lastName: 'b',
      creationTime: 0n,
      lastAccessTime: 0n,
      validUntil: 0n,
      state: 'ACTIVE',
    });
    const body = encodeEvent({ ...rest, entityId, version, crudType, entity });
    await broker.publish({ exchange: '', routingKey: serviceQueueOf(SERVICE), body });
  }

  const applied = (change: EntityVersion) =>
    waitFor(async () => {
      const sql = 'SELECT FROM db_event.replica_version WHERE entity_id = $1 AND version = $2';
      return (await database.pool.query(sql, [change.entityId, String(change.version)])).rowCount;
    });

  it('answers at once for what is there, in this version or a later one, deleted or not', async () => {
    const { watch } = watchOf();
    await apply(user('ada', 5n));
    await apply(user('bob', 7n), 'DELETE');
    await applied(user('ada', 5n));
    await applied(user('bob', 7n));
    expect(await watch.waitFor([user('ada', 5n), user('bob', 6n)], PATIENTLY)).toBe('applied');
    expect(await watch.waitFor([], PATIENTLY)).toBe('applied');
    expect(await watch.waitFor([user('ada', 6n)], { timeoutMs: 50 })).toBe('timeout');
    expect(watch.waiting).toBe(0);
  });

  it('is woken by another instance’s commit, well before it would look for itself', async () => {
    const { watch } = watchOf({ pollIntervalMs: 3_600_000 });
    const waiting = watch.waitFor([user('ada', 5n), user('bob', 6n)], PATIENTLY);
    await waitFor(async () => (await listeners()) === 1);
    await apply(user('ada', 5n));
    await applied(user('ada', 5n));
    expect(watch.waiting).toBe(1);
    await apply(user('bob', 6n));
    expect(await waiting).toBe('applied');
  });

  it('is woken by this instance’s commits without a query', async () => {
    const { watch, pool } = watchOf({ pollIntervalMs: 3_600_000 });
    const waiting = watch.waitFor([user('ada', 5n)], PATIENTLY);
    await waitFor(() => pool.queries === 1);
    watch.noteApplied([user('ada', 4n), user('ada', 6n)]);
    expect(await waiting).toBe('applied');
    expect(pool.queries).toBe(1);
  });

  it('finds what it was not told of: its connection was lost', async () => {
    const { watch } = watchOf({ pollIntervalMs: 100 });
    const waiting = watch.waitFor([user('ada', 5n)], PATIENTLY);
    await waitFor(async () => (await listeners()) === 1);
    await database.pool.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'",
    );
    await database.pool.query('INSERT INTO db_event.replica_version VALUES ($1, $2, $3, 5, false)', [
      'user.profile',
      'USER_PROFILE',
      'ada@gw',
    ]);
    expect(await waiting).toBe('applied');
  });

  it('ends the waiting of who hangs up, and of all when it stops', async () => {
    const { watch } = watchOf();
    const caller = new AbortController();
    const impatient = watch.waitFor([user('ada', 5n)], { ...PATIENTLY, signal: caller.signal });
    const patient = watch.waitFor([user('ada', 5n)], PATIENTLY);
    caller.abort();
    expect(await impatient).toBe('timeout');
    expect(watch.waiting).toBe(1);
    await watch.stop();
    expect(await patient).toBe('timeout');
    expect(await watch.waitFor([user('ada', 5n)], PATIENTLY)).toBe('timeout');
  });

  it('turns away who would be too many', async () => {
    const { watch } = watchOf({ maxReaders: 1 });
    const first = watch.waitFor([user('ada', 5n)], PATIENTLY);
    await expect(watch.waitFor([user('ada', 5n)], PATIENTLY)).rejects.toMatchObject({
      code: 'REPLICA_BEHIND',
      retryable: true,
    });
    await apply(user('ada', 5n));
    expect(await first).toBe('applied');
  });

  it('keeps 1,000 readers waiting on each of two instances for a query or so a second, and wakes all', async () => {
    const instances = [watchOf(), watchOf()];
    const changes = Array.from({ length: 1_000 }, (_, index) => user(`u${index}`, BigInt(index + 1)));
    const waiting = instances.flatMap(({ watch }) => changes.map((change) => watch.waitFor([change], PATIENTLY)));
    const queries = () => instances.map(({ pool }) => pool.queries);
    await waitFor(() => queries().every((count) => count > 0));
    // Busy with others meanwhile: nobody waits for these.
    const begun = Date.now();
    const before = queries();
    for (let index = 0; Date.now() - begun < 3_000; index += 1) {
      await apply(user('busy', BigInt(index + 1)));
      await applied(user('busy', BigInt(index + 1)));
    }
    const seconds = (Date.now() - begun) / 1_000;
    const rates = queries().map((count, index) => (count - (before[index] as number)) / seconds);
    for (const rate of rates) expect(rate).toBeLessThan(3);
    expect(instances.map(({ watch }) => watch.waiting)).toEqual([1_000, 1_000]);

    const beforeWaking = queries();
    for (const change of changes) await apply(change);
    expect(new Set(await Promise.all(waiting))).toEqual(new Set(['applied']));
    const asked = queries().map((count, index) => count - (beforeWaking[index] as number));
    for (const count of asked) expect(count).toBeLessThan(1_000);
  });

  const listeners = async () =>
    (
      await database.pool.query(
        "SELECT FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'",
      )
    ).rowCount;

  describe('by a token', () => {
    let replication: Replication;

    beforeEach(() => {
      const ignore = eachOneByOne<unknown>(async () => {});
      const handler = { publisher: 'user.profile', codec: userProfileCodec, upsert: ignore, remove: ignore };
      replication = new Replication(broker, [handler as never], { service: SERVICE, pool: database.pool });
    });

    afterEach(async () => {
      await replication.stop();
    });

    it('waits for what the service replicates, and for nothing else', async () => {
      await apply(user('ada', 5n));
      const own: EntityVersion = { publisher: SERVICE, entityType: 'GROUP', entityId: 'g', version: 1n };
      const other: EntityVersion = { publisher: 'user.profile', entityType: 'TENANT', entityId: 't', version: 1n };
      const token = encodeReplicationToken([user('ada', 5n), own, other]);
      expect(await replication.awaitToken(token, PATIENTLY)).toBe('applied');
      expect(await replication.awaitToken(encodeReplicationToken([other]), { timeoutMs: 0 })).toBe('applied');
      expect(await replication.awaitToken(encodeReplicationToken([user('ada', 6n)]), { timeoutMs: 50 })).toBe(
        'timeout',
      );
    });

    it('refuses a token that is none', async () => {
      await expect(replication.awaitToken('nonsense', PATIENTLY)).rejects.toMatchObject({ code: 'TOKEN_INVALID' });
    });
  });
});
