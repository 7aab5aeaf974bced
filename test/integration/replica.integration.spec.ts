import { DbEventError, type Queryable } from '@dbem/db-event';
import { decodeMessage, encodeEvent, encodeReply, type Project, projectCodec } from '@dbem/entity-codec';
import { migrate } from '@dbem/platform';
import {
  Applier,
  ApplierCounts,
  type ApplyMany,
  HandlerTable,
  type ReplicaChange,
  replicaMigrations,
  SubscriptionClient,
} from '@dbem/replica';
import {
  type Delivery,
  declareManagerTopology,
  declareServiceTopology,
  MANAGER_QUEUE,
  parkedQueueOf,
  RabbitMqBroker,
  retryLevelOf,
  serviceQueueOf,
} from '@dbem/transport';
import fc from 'fast-check';
import { Pool } from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FreshDatabase, type FreshVhost, freshDatabase, freshVhost, waitFor } from '../support';

const SERVICE = 'sharing';
const PUBLISHER = 'registry';

interface Written {
  readonly id: string;
  readonly name: string;
}

describe('Applier on a real database and broker', () => {
  let vhost: FreshVhost;
  let database: FreshDatabase;
  let broker: RabbitMqBroker;
  let counts: ApplierCounts;
  let appliers: Applier[];
  let handled: ReplicaChange<Project>[];
  /** What the upsert does besides writing; a test may make it fail. */
  let interfere: (changes: readonly ReplicaChange<Project>[], transaction: Queryable) => Promise<void>;

  beforeEach(async () => {
    [vhost, database] = await Promise.all([freshVhost(), freshDatabase()]);
    await migrate(database.pool, replicaMigrations);
    await database.pool.query('CREATE TABLE project (id text PRIMARY KEY, name text NOT NULL)');
    broker = new RabbitMqBroker({ url: vhost.amqpUrl });
    await broker.start();
    await waitFor(() => broker.health().isConnected);
    await declareManagerTopology(broker.topology);
    await declareServiceTopology(broker.topology, SERVICE, 'quorum');
    counts = new ApplierCounts();
    appliers = [];
    handled = [];
    interfere = async () => {};
  });

  afterEach(async () => {
    await Promise.all(appliers.map((applier) => applier.stop()));
    await broker.stop();
    await Promise.all([vhost.drop(), database.drop()]);
  });

  const upsert: ApplyMany<Project> = async (changes, transaction) => {
    handled.push(...changes);
    for (const { entity } of changes) {
      await transaction.query(
        'INSERT INTO project VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET name = excluded.name',
        [entity.projectID, entity.name],
      );
    }
    await interfere(changes, transaction);
  };
  const remove: ApplyMany<Project> = async (changes, transaction) => {
    handled.push(...changes);
    for (const { entityId } of changes) await transaction.query('DELETE FROM project WHERE id = $1', [entityId]);
  };

  async function startApplier(pool: Pool = database.pool): Promise<Applier> {
    const handlers = new HandlerTable([{ publisher: PUBLISHER, codec: projectCodec, upsert, remove } as never]);
    const applier = new Applier(broker, pool, handlers, { service: SERVICE, observer: counts, maxBatch: 20 });
    appliers.push(applier);
    await applier.start();
    return applier;
  }

  function send(body: Buffer, headers: Record<string, unknown> = {}): Promise<void> {
    return broker.publish({ exchange: '', routingKey: serviceQueueOf(SERVICE), body, headers });
  }

  function event(
    id: string,
    version: bigint | undefined,
    name: string,
    crudType: 'UPDATE' | 'DELETE' | 'READ' = 'UPDATE',
  ) {
    const entity = projectCodec.encode({ projectID: id, owner: 'ada', gatewayId: 'gw', name });
    const added =
      version === undefined ? {} : { version, entityId: id, eventId: `${PUBLISHER}:${version}`, changeTimeMs: 1 };
    return encodeEvent({ publisher: PUBLISHER, entityType: 'PROJECT', crudType, entity, ...added });
  }

  async function rows(): Promise<Written[]> {
    return (await database.pool.query<Written>('SELECT id, name FROM project ORDER BY id')).rows;
  }

  const settled = (count: number) => waitFor(() => counts.applied + counts.stale + counts.parkedCount >= count);

  async function parked(): Promise<Delivery[]> {
    const deliveries: Delivery[] = [];
    const consumption = broker.consume(parkedQueueOf(SERVICE), async (batch) => void deliveries.push(...batch));
    await waitFor(() => deliveries.length > 0);
    await consumption.stop();
    return deliveries;
  }

  it('applies a change once, however often it is delivered', async () => {
    await startApplier();
    for (let time = 0; time < 3; time += 1) await send(event('p', 5n, 'five'));
    await settled(3);
    expect(handled).toHaveLength(1);
    expect(counts).toMatchObject({ applied: 1, stale: 2 });
  });

  it('never goes back to an older version', async () => {
    await startApplier();
    await send(event('p', 5n, 'five'));
    await settled(1);
    await send(event('p', 4n, 'four'));
    await settled(2);
    expect(await rows()).toEqual([{ id: 'p', name: 'five' }]);
  });

  it('does not let a late update bring back what was deleted, but a newer one', async () => {
    await startApplier();
    await send(event('p', 1n, 'one'));
    await settled(1);
    await send(event('p', 3n, 'three', 'DELETE'));
    await settled(2);
    await send(event('p', 2n, 'two'));
    await send(event('p', 3n, 'three', 'READ'));
    await settled(4);
    expect(await rows()).toEqual([]);
    await send(event('p', 4n, 'four'));
    await settled(5);
    expect(await rows()).toEqual([{ id: 'p', name: 'four' }]);
    expect(handled.map(({ isFirst }) => isFirst)).toEqual([true, false, true]);
  });

  it('ends at the newest version of each entity, in any order of arrival, with two instances competing', async () => {
    const otherPool = new Pool({ connectionString: database.url });
    await Promise.all([startApplier(), startApplier(otherPool)]);
    const change = fc.record({
      entity: fc.constantFrom('a', 'b', 'c'),
      isDelete: fc.boolean(),
      copies: fc.integer({ min: 1, max: 3 }),
    });
    let round = 0;
    let version = 0n;
    await fc.assert(
      fc.asyncProperty(
        fc.array(change, { minLength: 1, maxLength: 20 }),
        fc.infiniteStream(fc.nat()),
        async (changes, noise) => {
          round += 1;
          const model = new Map<string, string | undefined>();
          const bodies: Buffer[] = [];
          for (const { entity, isDelete, copies } of changes) {
            version += 1n;
            const id = `${round}-${entity}`;
            model.set(id, isDelete ? undefined : `v${version}`);
            for (let copy = 0; copy < copies; copy += 1)
              bodies.push(event(id, version, `v${version}`, isDelete ? 'DELETE' : 'UPDATE'));
          }
          const shuffled = bodies
            .map((body) => ({ body, place: noise.next().value as number }))
            .sort((left, right) => left.place - right.place);
          const before = counts.applied + counts.stale;
          await Promise.all(shuffled.map(({ body }) => send(body)));
          await settled(before + bodies.length);
          const expected = [...model].flatMap(([id, name]) => (name === undefined ? [] : [{ id, name }]));
          const actual = (await rows()).filter(({ id }) => id.startsWith(`${round}-`));
          expect(actual).toEqual(expected.sort((left, right) => (left.id < right.id ? -1 : 1)));
        },
      ),
      { numRuns: 25, endOnFailure: true },
    );
    await Promise.all(appliers.map((applier) => applier.stop()));
    await otherPool.end();
  });

  it('applies an old publisher’s events, which have no version, in the order of their arrival', async () => {
    await startApplier();
    for (const name of ['one', 'two', 'three']) {
      await send(event('p', undefined, name));
      await settled(handled.length + 1);
    }
    expect(await rows()).toEqual([{ id: 'p', name: 'three' }]);
    await send(event('p', undefined, 'three', 'DELETE'));
    await waitFor(async () => (await rows()).length === 0);
  });

  it('finds a poison event among good ones: these are applied once, that one waits in a retry level', async () => {
    interfere = async (changes) => {
      if (changes.some(({ entityId }) => entityId === 'p7')) throw new Error('can’t stand p7');
    };
    await Promise.all(
      Array.from({ length: 16 }, (_, index) => send(event(`p${index}`, BigInt(index + 1), `n${index}`))),
    );
    await startApplier();
    await waitFor(() => counts.applied === 15 && counts.retriedCount === 1);
    expect(await rows()).toHaveLength(15);
    const { rows: versions } = await database.pool.query(
      "SELECT 1 FROM db_event.replica_version WHERE entity_id = 'p7'",
    );
    expect(versions).toHaveLength(0);
    expect((await broker.topology.inspectQueue(retryLevelOf(1)))?.messages).toBe(1);
  });

  it('applies an event at a later try, when what kept it has passed', async () => {
    let failures = 0;
    interfere = async () => {
      failures += 1;
      if (failures === 1) throw new Error('not yet');
    };
    await startApplier();
    await send(event('p', 1n, 'one'));
    await waitFor(() => counts.retriedCount === 1);
    expect(await rows()).toEqual([]);
    await waitFor(async () => (await rows()).length === 1);
  });

  it('parks an event after its last retry, with what is known of its failures', async () => {
    interfere = async () => {
      throw new Error('never');
    };
    await startApplier();
    await send(event('p', 1n, 'one'), { 'x-dbem-attempts': 4, 'x-dbem-first-failed-at': '2026-01-01T00:00:00.000Z' });
    const [delivery] = await parked();
    expect(delivery?.body).toEqual(event('p', 1n, 'one'));
    expect(delivery?.headers).toMatchObject({
      'x-dbem-reason-code': 'HANDLER_FAILED',
      'x-dbem-attempts': 5,
      'x-dbem-first-failed-at': '2026-01-01T00:00:00.000Z',
      'x-dbem-failed-at': SERVICE,
    });
    expect(delivery?.headers['x-dbem-reason']).toContain('never');
    expect(delivery?.headers['x-dbem-stack']).toContain('replica.integration.spec');
    expect(delivery?.headers['x-dbem-last-failed-at']).toBeTypeOf('string');
  });

  it('tries again in place when the database says that it may help', async () => {
    let failures = 0;
    interfere = async (_changes, transaction) => {
      failures += 1;
      if (failures < 3) await transaction.query("DO $$ BEGIN RAISE EXCEPTION 'busy' USING ERRCODE = '40001'; END $$");
    };
    await startApplier();
    await send(event('p', 1n, 'one'));
    await settled(1);
    expect(counts).toMatchObject({ applied: 1, retriedCount: 0, parkedCount: 0 });
    expect(failures).toBe(3);
  });

  it.each([
    ['what is no message', () => Buffer.from('nonsense'), 'MESSAGE_MALFORMED'],
    [
      'what no handler takes',
      () => encodeEvent({ publisher: 'other', entityType: 'PROJECT', crudType: 'UPDATE', entity: Buffer.alloc(1) }),
      'HANDLER_MISSING',
    ],
    [
      'what holds another entity than it says',
      () => {
        const entity = projectCodec.encode({ projectID: 'p', owner: 'ada', gatewayId: 'gw', name: 'n' });
        return encodeEvent({
          publisher: PUBLISHER,
          entityType: 'PROJECT',
          crudType: 'UPDATE',
          entity,
          version: 1n,
          entityId: 'q',
        });
      },
      'ENTITY_INVALID',
    ],
    [
      'an entity that lacks a field',
      () => encodeEvent({ publisher: PUBLISHER, entityType: 'PROJECT', crudType: 'UPDATE', entity: Buffer.alloc(1) }),
      'ENTITY_INVALID',
    ],
  ])('parks %s, and goes on', async (_what, body, code) => {
    await startApplier();
    await send(body());
    await send(event('p', 1n, 'one'));
    await waitFor(async () => (await rows()).length === 1);
    const [delivery] = await parked();
    expect(delivery?.headers['x-dbem-reason-code']).toBe(code);
    expect(delivery?.body).toEqual(body());
  });
});

describe('SubscriptionClient', () => {
  const DECLARED = { publisher: 'user.profile', subscriber: SERVICE, entityTypes: ['TENANT'] as const };
  let vhost: FreshVhost;
  let broker: RabbitMqBroker;
  let client: SubscriptionClient;

  beforeEach(async () => {
    vhost = await freshVhost();
    broker = new RabbitMqBroker({ url: vhost.amqpUrl });
    await broker.start();
    client = new SubscriptionClient(broker, [DECLARED], { service: SERVICE, requestTimeoutMs: 500 });
  });

  afterEach(async () => {
    await client.stop();
    await broker.stop();
    await vhost.drop();
  });

  async function playManager(answer: (request: number) => Parameters<typeof encodeReply>[0] | undefined) {
    const requests: unknown[] = [];
    await waitFor(() => broker.health().isConnected);
    await declareManagerTopology(broker.topology);
    broker.consume(MANAGER_QUEUE, async (batch) => {
      for (const { body, replyTo = '', correlationId = '' } of batch) {
        const message = decodeMessage(body);
        requests.push(message.kind === 'subscription' && message.request);
        const reply = answer(requests.length);
        if (reply === undefined) continue;
        await broker.publish({
          exchange: '',
          routingKey: replyTo,
          correlationId,
          body: encodeReply(reply),
          mandatory: false,
        });
      }
    });
    return requests;
  }

  it('asks until the event manager, which may start later, accepts', async () => {
    await client.start();
    expect(client.isSettled).toBe(false);
    const requests = await playManager((request) => {
      if (request === 1) return undefined;
      if (request === 2) return { status: 'REJECTED', code: 'MAP_UNAVAILABLE', reason: 'away', retryable: true };
      return { status: 'ACCEPTED', services: [SERVICE] };
    });
    await waitFor(() => client.isSettled);
    expect(requests).toHaveLength(3);
    expect(requests[0]).toEqual({ ...DECLARED, action: 'SUBSCRIBE', declareQueue: true });
    expect(client.states).toEqual([{ subscription: DECLARED, status: 'subscribed' }]);
  });

  it('ends a subscription, and makes it again', async () => {
    const requests = await playManager(() => ({ status: 'ACCEPTED', services: [SERVICE] }));
    await client.subscribe(DECLARED);
    await client.unsubscribe(DECLARED);
    expect(client.states[0]?.status).toBe('unsubscribed');
    await client.subscribe(DECLARED);
    expect(client.states[0]?.status).toBe('subscribed');
    expect(requests.map((request) => (request as { action: string }).action)).toEqual([
      'SUBSCRIBE',
      'UNSUBSCRIBE',
      'SUBSCRIBE',
    ]);
  });

  it('says so when it is refused for good', async () => {
    await playManager(() => ({
      status: 'REJECTED',
      code: 'SUBSCRIPTION_INVALID',
      reason: 'to itself',
      retryable: false,
    }));
    await client.start();
    await waitFor(() => client.states[0]?.status === 'refused');
    expect(client.states[0]?.reason).toContain('to itself');
    expect(client.isSettled).toBe(false);
  });
});

describe('HandlerTable', () => {
  it('refuses two handlers for the same', () => {
    const handler = { publisher: 'a', codec: projectCodec, upsert: async () => {}, remove: async () => {} } as never;
    expect(() => new HandlerTable([handler, handler])).toThrow(DbEventError);
  });
});
