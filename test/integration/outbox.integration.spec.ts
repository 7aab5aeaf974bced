import { type DbEvent, type Dependency, firstVersionOfEpoch, type Queryable } from '@dbem/db-event';
import { decodeMessage, encodeReply, type Project, projectCodec } from '@dbem/entity-codec';
import {
  ConfirmThenCommitChangePublisher,
  created,
  deleted,
  OutboxChangePublisher,
  outboxMigrations,
  PostgresOutboxStore,
  queryableOf,
  Relay,
  raiseEpoch,
  updated,
} from '@dbem/outbox';
import { inTransaction, migrate } from '@dbem/platform';
import { declareManagerTopology, MANAGER_QUEUE, RabbitMqBroker } from '@dbem/transport';
import { connect } from 'amqplib';
import { Kysely, PostgresDialect } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FreshDatabase, type FreshVhost, freshDatabase, freshVhost, TcpProxy, waitFor } from '../support';

const SERVICE = 'registry';

function project(id: string, name = 'n'): Project {
  return { projectID: id, owner: 'ada', gatewayId: 'gw', name };
}

describe('publishing through the outbox', () => {
  const publisher = new OutboxChangePublisher(SERVICE);
  let vhost: FreshVhost;
  let proxy: TcpProxy;
  let database: FreshDatabase;
  let broker: RabbitMqBroker;
  let relays: Relay[];
  let published: { id: string; version: bigint; crudType: string }[];

  beforeEach(async () => {
    [vhost, database] = await Promise.all([freshVhost(), freshDatabase()]);
    await migrate(database.pool, outboxMigrations);
    const url = new URL(vhost.amqpUrl);
    proxy = await TcpProxy.start({ host: url.hostname, port: Number(url.port) });
    url.port = String(proxy.port);
    broker = new RabbitMqBroker({ url: url.toString(), heartbeatS: 1 });
    await broker.start();
    await waitFor(() => broker.health().isConnected);
    relays = [];
    published = [];
  });

  afterEach(async () => {
    await Promise.all(relays.map((relay) => relay.stop()));
    await broker.stop();
    await proxy.stop();
    await Promise.all([vhost.drop(), database.drop()]);
  });

  async function startRelay(): Promise<Relay> {
    const store = new PostgresOutboxStore(database.pool);
    const relay = new Relay(store, broker, { service: SERVICE, pollIntervalMs: 200, batchSize: 50 });
    relays.push(relay);
    await relay.start();
    return relay;
  }

  /** Plays the manager: notes what arrives in its queue. */
  async function listen(): Promise<void> {
    await declareManagerTopology(broker.topology);
    broker.consume(MANAGER_QUEUE, async (batch) => {
      for (const { body, messageId } of batch) {
        const message = decodeMessage(body);
        if (message.kind !== 'event') throw new Error('not an event');
        const { version = 0n, entityId = '', crudType, eventId } = message.event;
        expect(messageId).toBe(eventId);
        published.push({ id: entityId, version, crudType });
      }
    });
  }

  const waiting = async () => Number((await database.pool.query('SELECT count(*) FROM db_event.outbox')).rows[0].count);
  const publish = (transaction: Queryable, id: string) =>
    publisher.publish(transaction, created(projectCodec, project(id)));

  it('keeps the change unpublished until the service’s transaction commits', async () => {
    await listen();
    await startRelay();
    const client = await database.pool.connect();
    await client.query('BEGIN');
    await publish(client, 'open');
    await inTransaction(database.pool, (other) => publish(other, 'other'));
    await waitFor(() => published.length === 1);
    expect(published[0]?.id).toBe('other');
    await client.query('COMMIT');
    client.release();
    await waitFor(() => published.length === 2);
    // It came later, though its version is lower: nothing is passed over for committing late.
    expect(published[1]?.id).toBe('open');
    expect(published[1]?.version).toBeLessThan(published[0]?.version ?? 0n);
    expect(await waiting()).toBe(0);
  });

  it('publishes nothing of a transaction that rolled back', async () => {
    await listen();
    await startRelay();
    const failure = inTransaction(database.pool, async (client) => {
      await publish(client, 'phantom');
      throw new Error('no');
    });
    await expect(failure).rejects.toThrow('no');
    await inTransaction(database.pool, (client) => publish(client, 'real'));
    await waitFor(() => published.length > 0);
    expect(published.map(({ id }) => id)).toEqual(['real']);
  });

  it('publishes create, update and delete of one entity with versions that grow', async () => {
    await listen();
    await startRelay();
    for (const change of [created, updated, deleted]) {
      await inTransaction(database.pool, (client) => publisher.publish(client, change(projectCodec, project('p'))));
    }
    await waitFor(() => published.length === 3);
    expect(published.map(({ crudType }) => crudType)).toEqual(['CREATE', 'UPDATE', 'DELETE']);
    const versions = published.map(({ version }) => version);
    expect(versions).toEqual([...versions].sort((left, right) => (left < right ? -1 : 1)));
  });

  it('lets the service write on while the broker is away, and sends the backlog when it is back', async () => {
    await listen();
    await startRelay();
    proxy.cut();
    await waitFor(() => !broker.health().isConnected);
    for (let index = 0; index < 120; index += 1) await publish(database.pool, `p${index}`);
    expect(await waiting()).toBe(120);
    proxy.restore();
    await waitFor(async () => (await waiting()) === 0);
    await waitFor(() => new Set(published.map(({ id }) => id)).size === 120);
  });

  it('counts a message that no queue takes as not sent', async () => {
    await declareManagerTopology(broker.topology);
    await broker.topology.deleteQueue(MANAGER_QUEUE);
    let failed = 0;
    const store = new PostgresOutboxStore(database.pool);
    const relay = new Relay(store, broker, {
      service: SERVICE,
      observer: {
        failed: (count) => {
          failed += count;
        },
      },
    });
    relays.push(relay);
    await relay.start();
    await publish(database.pool, 'p');
    await waitFor(() => failed > 0);
    expect(await waiting()).toBe(1);
    await listen();
    await waitFor(() => published.length === 1);
    await waitFor(async () => (await waiting()) === 0);
  });

  it('sends again what the broker refused', async () => {
    await declareManagerTopology(broker.topology);
    await broker.topology.deleteQueue(MANAGER_QUEUE);
    // It takes five messages and refuses the others.
    const operator = await connect(vhost.amqpUrl);
    const hand = await operator.createChannel();
    const bounds = { 'x-max-length': 5, 'x-overflow': 'reject-publish' };
    await hand.assertQueue(MANAGER_QUEUE, { durable: true, arguments: bounds });
    await hand.bindQueue(MANAGER_QUEUE, 'db.event.exchange', 'db.event');
    for (let index = 0; index < 40; index += 1) await publish(database.pool, `p${index}`);
    const errors: unknown[] = [];
    const failed = (_count: number, error: unknown) => errors.push(error);
    const store = new PostgresOutboxStore(database.pool);
    const relay = new Relay(store, broker, { service: SERVICE, batchSize: 50, observer: { failed } });
    relays.push(relay);
    await relay.start();
    await waitFor(() => errors.length > 1);
    expect(errors[0]).toMatchObject({ code: 'MESSAGE_REJECTED', retryable: true });
    expect(await waiting()).toBeGreaterThan(0);
    await listen();
    await waitFor(async () => (await waiting()) === 0);
    await waitFor(() => new Set(published.map(({ id }) => id)).size === 40);
    await operator.close();
  });

  it('sends again what the broker took and could not say so', async () => {
    await declareManagerTopology(broker.topology);
    const witness = new RabbitMqBroker({ url: vhost.amqpUrl });
    await witness.start();
    const taken = async () => (await witness.topology.inspectQueue(MANAGER_QUEUE))?.messages ?? 0;
    await waitFor(() => witness.health().isConnected);
    // Answers are lost, messages are not.
    proxy.alterAnswers(() => Buffer.alloc(0));
    for (let index = 0; index < 20; index += 1) await publish(database.pool, `p${index}`);
    await startRelay();
    await waitFor(async () => (await taken()) === 20, { what: 'the broker to have taken all' });
    proxy.cut();
    await waitFor(() => !broker.health().isConnected);
    expect(await waiting()).toBe(20);
    proxy.restore();
    await waitFor(() => broker.health().isConnected);
    await listen();
    await waitFor(async () => (await waiting()) === 0 && published.length >= 40);
    const versions = published.map(({ version }) => version);
    expect(new Set(versions).size).toBe(20);
    await witness.stop();
  });

  it('lets several relays share one outbox', async () => {
    await listen();
    for (let index = 0; index < 300; index += 1) await publish(database.pool, `p${index}`);
    await Promise.all([startRelay(), startRelay(), startRelay()]);
    await waitFor(async () => (await waiting()) === 0);
    await waitFor(() => published.length === 300);
    expect(new Set(published.map(({ id }) => id)).size).toBe(300);
  });

  it('finishes the claim under way when it stops', async () => {
    await listen();
    const relay = await startRelay();
    for (let index = 0; index < 200; index += 1) await publish(database.pool, `p${index}`);
    await relay.stop();
    await relay.stop();
    const left = await waiting();
    await waitFor(() => published.length === 200 - left);
  });

  it('draws growing versions for one row, however many write to it at once', async () => {
    await database.pool.query('CREATE TABLE counter (value int); INSERT INTO counter VALUES (0)');
    const seen: { value: number; version: bigint }[] = [];
    await Promise.all(
      Array.from({ length: 40 }, () =>
        inTransaction(database.pool, async (client) => {
          const { rows } = await client.query('UPDATE counter SET value = value + 1 RETURNING value');
          const { version } = await publish(client, 'p');
          seen.push({ value: rows[0].value, version });
        }),
      ),
    );
    const byValue = seen.sort((left, right) => left.value - right.value).map(({ version }) => version);
    expect(byValue).toEqual([...byValue].sort((left, right) => (left < right ? -1 : 1)));
  });

  it('takes a bare pg client, a Kysely transaction and a TypeORM-like manager', async () => {
    const kysely = new Kysely<unknown>({ dialect: new PostgresDialect({ pool: database.pool }) });
    await inTransaction(database.pool, (client) => publish(client, 'pg'));
    await kysely.transaction().execute((transaction) => publish(queryableOf(transaction), 'kysely'));
    const typeOrmLike = {
      query: async (sql: string, params?: unknown[]) => (await database.pool.query(sql, params)).rows,
    };
    await publish(typeOrmLike, 'typeorm');
    const { rows } = await database.pool.query('SELECT entity_id FROM db_event.outbox ORDER BY version');
    expect(rows.map(({ entity_id }) => entity_id)).toEqual(['pg', 'kysely', 'typeorm']);
  });

  it('publishes many changes with one statement, in their order', async () => {
    const changes = ['a', 'b', 'c'].map((id) => created(projectCodec, project(id)));
    const done = await publisher.publishAll(database.pool, changes);
    expect(done.map(({ entityId }) => entityId)).toEqual(['a', 'b', 'c']);
    const { rows } = await database.pool.query('SELECT version, entity_id FROM db_event.outbox ORDER BY version');
    expect(rows.map(({ version, entity_id }) => [BigInt(version), entity_id])).toEqual(
      done.map(({ version, entityId }) => [version, entityId]),
    );
    expect(await publisher.publishAll(database.pool, [])).toEqual([]);
  });

  it('goes on with fresh versions after the epoch was raised, and never back', async () => {
    const { version: before } = await publish(database.pool, 'p');
    const first = await raiseEpoch(database.pool);
    expect(first).toBeGreaterThan(before);
    expect(first).toBeGreaterThanOrEqual(firstVersionOfEpoch(Date.now() - 60_000));
    expect((await publish(database.pool, 'q')).version).toBe(first);
    await raiseEpoch(database.pool, 0);
    expect((await publish(database.pool, 'p')).version).toBeGreaterThan(first);
  });

  describe('what a change depends on', () => {
    const owner: Dependency = {
      publisher: 'user.profile',
      entityType: 'USER_PROFILE',
      entityId: 'ada@gw',
      minimumVersion: 2n ** 60n + 1n,
    };
    const tenant: Dependency = { publisher: 'user.profile', entityType: 'TENANT', entityId: 'gw' };
    const change = () => created(projectCodec, project('p'), { dependsOn: [owner, tenant] });

    async function sent(): Promise<DbEvent[]> {
      await declareManagerTopology(broker.topology);
      const events: DbEvent[] = [];
      broker.consume(MANAGER_QUEUE, async (batch) => {
        for (const { body, replyTo, correlationId = '' } of batch) {
          const message = decodeMessage(body);
          if (message.kind === 'event') events.push(message.event);
          if (replyTo === undefined) continue;
          const reply = encodeReply({ status: 'ACCEPTED', services: [] });
          await broker.publish({ exchange: '', routingKey: replyTo, correlationId, body: reply, mandatory: false });
        }
      });
      return events;
    }

    it('travels through the outbox', async () => {
      const events = await sent();
      await publisher.publishAll(database.pool, [change(), created(projectCodec, project('q'), { dependsOn: [] })]);
      await publisher.publish(database.pool, change());
      await startRelay();
      await waitFor(() => events.length === 3);
      expect(events.map(({ dependencies }) => dependencies)).toEqual([[owner, tenant], undefined, [owner, tenant]]);
    });

    it('travels with confirm-then-commit', async () => {
      const events = await sent();
      const confirming = new ConfirmThenCommitChangePublisher(broker, { service: SERVICE, timeoutMs: 5_000 });
      await confirming.publish(database.pool, change());
      expect(events[0]?.dependencies).toEqual([owner, tenant]);
    });
  });

  describe('confirm-then-commit', () => {
    const confirming = () => new ConfirmThenCommitChangePublisher(broker, { service: SERVICE, timeoutMs: 1_000 });
    const rows = async () => (await database.pool.query('SELECT id FROM project')).rows;

    async function write(): Promise<void> {
      await inTransaction(database.pool, async (client) => {
        await client.query("INSERT INTO project VALUES ('p')");
        await confirming().publish(client, created(projectCodec, project('p')));
      });
    }

    async function answer(reply: Parameters<typeof encodeReply>[0]): Promise<void> {
      await declareManagerTopology(broker.topology);
      broker.consume(MANAGER_QUEUE, async (batch) => {
        for (const { replyTo = '', correlationId = '' } of batch) {
          const body = encodeReply(reply);
          await broker.publish({ exchange: '', routingKey: replyTo, correlationId, body, mandatory: false });
        }
      });
    }

    beforeEach(async () => {
      await database.pool.query('CREATE TABLE project (id text)');
    });

    it('commits when the event manager has acknowledged', async () => {
      await answer({ status: 'ACCEPTED', services: ['sharing'] });
      await write();
      expect(await rows()).toHaveLength(1);
      expect(await waiting()).toBe(0);
    });

    it('rolls back when the event manager refuses', async () => {
      await answer({ status: 'REJECTED', code: 'SERVICE_NAME_INVALID', reason: 'no such name', retryable: false });
      await expect(write()).rejects.toMatchObject({
        code: 'PUBLISH_REFUSED',
        retryable: false,
        details: { code: 'SERVICE_NAME_INVALID', reason: 'no such name' },
      });
      expect(await rows()).toHaveLength(0);
    });

    it('rolls back when no event manager answers', async () => {
      await declareManagerTopology(broker.topology);
      await expect(write()).rejects.toMatchObject({ code: 'REQUEST_TIMEOUT', retryable: true });
      expect(await rows()).toHaveLength(0);
    });
  });
});
