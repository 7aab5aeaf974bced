import { randomBytes } from 'node:crypto';
import type { Dependency } from '@dbem/db-event';
import { projectCodec } from '@dbem/entity-codec';
import { created, deleted, type OutboxRow, type RelayObserver, updated } from '@dbem/outbox';
import { inTransaction } from '@dbem/postgres';
import { INTAKE_QUEUE, RabbitMqBroker } from '@dbem/transport';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { OutboxHarness, project } from '../support/outbox/outbox-harness';
import { waitFor } from '../support/waiting/wait-for';

describe('publishing through the outbox', () => {
  let harness: OutboxHarness;

  beforeAll(async () => {
    harness = await OutboxHarness.start();
  });

  beforeEach(() => harness.reset());

  afterEach(() => {
    expect(harness.unexpected).toEqual([]);
  });

  afterAll(() => harness?.stop());

  const ids = () => harness.events.map(({ entityId }) => entityId);
  const versions = () => harness.events.map(({ version = 0n }) => version);
  const publishMany = (count: number, first = 0) =>
    harness.publisher.publishAll(
      harness.database.pool,
      Array.from({ length: count }, (_, index) => created(projectCodec, project(`p${first + index}`))),
    );

  it('A change stays unpublished until the service’s transaction commits', async () => {
    harness.consume();
    await harness.startRelay();
    const client = await harness.database.pool.connect();
    await client.query('BEGIN');
    await harness.publish(client, 'open');
    await inTransaction(harness.database.pool, (other) => harness.publish(other, 'other'));
    await waitFor(() => harness.events.length === 1);
    expect(ids()).toEqual(['other']);
    await client.query('COMMIT');
    client.release();
    await waitFor(() => harness.events.length === 2);
    // It arrived later with a lower version: no change is skipped because it commits late.
    expect(ids()).toEqual(['other', 'open']);
    const [other = 0n, open = 0n] = versions();
    expect(open).toBeLessThan(other);
    await waitFor(async () => (await harness.waiting()) === 0);
  });

  it('A change of a transaction that rolled back is never published', async () => {
    harness.consume();
    await harness.startRelay();
    const failure = inTransaction(harness.database.pool, async (client) => {
      await harness.publish(client, 'phantom');
      throw new Error('no');
    });
    await expect(failure).rejects.toThrow('no');
    await inTransaction(harness.database.pool, (client) => harness.publish(client, 'real'));
    await waitFor(() => harness.events.length > 0);
    expect(ids()).toEqual(['real']);
  });

  it('Create, update and delete of one entity are published in order, with increasing versions', async () => {
    harness.consume();
    await harness.startRelay();
    for (const change of [created, updated, deleted]) {
      await inTransaction(harness.database.pool, (client) =>
        harness.publisher.publish(client, change(projectCodec, project('p'))),
      );
    }
    await waitFor(() => harness.events.length === 3);
    expect(harness.events.map(({ crudType }) => crudType)).toEqual(['CREATE', 'UPDATE', 'DELETE']);
    expect(versions()).toEqual([...versions()].sort((left, right) => (left < right ? -1 : 1)));
  });

  it('Changes are stored while the broker is unavailable, and published when it is back', async () => {
    harness.consume();
    await harness.startRelay();
    harness.proxy.cut();
    await waitFor(() => !harness.broker.health().isConnected);
    for (let index = 0; index < 20; index += 1) await harness.publish(harness.database.pool, `single-${index}`);
    await publishMany(100);
    expect(await harness.waiting()).toBe(120);
    expect(harness.broker.health().isConnected).toBe(false);
    harness.proxy.restore();
    await waitFor(() => harness.broker.health().isConnected);
    await waitFor(async () => (await harness.waiting()) === 0);
    await waitFor(() => new Set(ids()).size === 120);
  });

  it('A change stays in the outbox while the manager’s queue is missing, and is published when it exists', async () => {
    await harness.deleteManagerQueue();
    let failed = 0;
    await harness.startRelay({
      observer: {
        failed: (count) => {
          failed += count;
        },
      },
    });
    await harness.publish(harness.database.pool, 'p');
    await waitFor(() => failed > 0);
    expect(await harness.waiting()).toBe(1);
    await harness.declareManagerQueue();
    harness.consume();
    await waitFor(() => harness.events.length === 1);
    await waitFor(async () => (await harness.waiting()) === 0);
  });

  it('Changes that the broker rejected are published again', async () => {
    // The queue accepts one batch; the broker rejects the others.
    await harness.replaceManagerQueue({ 'x-max-length': 1, 'x-overflow': 'reject-publish' });
    const errors: unknown[] = [];
    let published = 0;
    const observer: RelayObserver = {
      failed: (_count, error) => errors.push(error),
      published: (count) => {
        published += count;
      },
    };
    await publishMany(20);
    await harness.startRelay({ observer });
    await waitFor(() => published > 0);
    await publishMany(20, 20);
    await waitFor(() => errors.length > 1);
    expect(errors[0]).toMatchObject({ code: 'MESSAGE_REJECTED', retryable: true });
    expect(await harness.waiting()).toBeGreaterThan(0);
    harness.consume();
    await waitFor(async () => (await harness.waiting()) === 0);
    await waitFor(() => new Set(ids()).size === 40);
  });

  it('Changes whose confirm was lost with the connection are published again with the same versions', async () => {
    const observer = new RabbitMqBroker({ url: harness.vhost.amqpUrl });
    await observer.start();
    await waitFor(() => observer.health().isConnected);
    const messagesInQueue = async () => (await observer.topology.inspectQueue(INTAKE_QUEUE))?.messages;
    // Confirms are lost, messages are not.
    harness.proxy.alterAnswers(() => Buffer.alloc(0));
    await publishMany(20);
    await harness.startRelay();
    await waitFor(async () => (await messagesInQueue()) === 1, { what: 'the broker to receive the batch' });
    harness.proxy.cut();
    await waitFor(() => !harness.broker.health().isConnected);
    await waitFor(async () => (await harness.waiting()) === 20);
    harness.proxy.restore();
    await waitFor(() => harness.broker.health().isConnected);
    harness.consume();
    await waitFor(async () => (await harness.waiting()) === 0 && harness.events.length >= 40);
    expect(new Set(versions()).size).toBe(20);
    await observer.stop();
  });

  it('Each change is published once when several relays share one outbox', async () => {
    harness.consume();
    await publishMany(300);
    await Promise.all([harness.startRelay(), harness.startRelay(), harness.startRelay()]);
    await waitFor(async () => (await harness.waiting()) === 0);
    await waitFor(() => harness.events.length >= 300);
    expect(harness.events).toHaveLength(300);
    expect(new Set(ids()).size).toBe(300);
  });

  it('A relay claims large changes in portions of 8 MiB, without a pause between them, and publishes all', async () => {
    const sizes = Array.from({ length: 20 }, (_, index) => [3_000_000, 700, index === 10 ? 9_000_000 : 10]).flat();
    // Random bytes can't be compressed, so PostgreSQL stores the large ones out of line.
    for (const [index, size] of sizes.entries()) {
      await harness.database.pool.query(
        `INSERT INTO db_event.outbox (entity_type, entity_id, crud_type, entity) VALUES ('PROJECT', $1, 'CREATE', $2)`,
        [`p${index}`, randomBytes(size)],
      );
    }
    harness.consume();
    const claims: number[][] = [];
    const claimed = (rows: readonly OutboxRow[]) => claims.push(rows.map(({ entity }) => entity.length));
    // Only the first claim is due to the poll interval: each other one follows the one before it at once.
    await harness.startRelay({ batchSize: 500, pollIntervalMs: 600_000, observer: { claimed } });
    await waitFor(async () => (await harness.waiting()) === 0);
    await waitFor(() => new Set(ids()).size === sizes.length);
    expect(claims.flat()).toEqual(sizes);
    const severalRows = claims.filter(({ length }) => length > 1);
    expect(Math.max(...severalRows.map(sumOf))).toBeLessThanOrEqual(8 * 1024 * 1024);
    expect(harness.events.map(({ entity }) => entity.length)).toEqual(expect.arrayContaining(sizes));
  });

  it('A relay finishes the claim in progress when it is stopped', async () => {
    harness.consume();
    let stopped: Promise<void> | undefined;
    const relay = await harness.startRelay({
      batchSize: 50,
      observer: {
        claimed: () => {
          stopped ??= relay.stop();
        },
      },
    });
    await publishMany(200);
    await waitFor(() => stopped !== undefined);
    await stopped;
    await relay.stop();
    expect(await harness.waiting()).toBe(150);
    await waitFor(() => harness.events.length >= 50);
    expect(harness.events).toHaveLength(50);
  });

  it('The dependencies of a change are published with it', async () => {
    const owner: Dependency = {
      publisher: 'user.profile',
      entityType: 'USER_PROFILE',
      entityId: 'ada@gw',
      minimumVersion: 2n ** 60n + 1n,
    };
    const tenant: Dependency = { publisher: 'user.profile', entityType: 'TENANT', entityId: 'gw' };
    harness.consume();
    const change = created(projectCodec, project('p'), { dependsOn: [owner, tenant] });
    await harness.publisher.publishAll(harness.database.pool, [
      change,
      created(projectCodec, project('q'), { dependsOn: [] }),
    ]);
    await harness.publisher.publish(harness.database.pool, change);
    await harness.startRelay();
    await waitFor(() => harness.events.length === 3);
    expect(harness.events.map(({ dependencies }) => dependencies)).toEqual([
      [owner, tenant],
      undefined,
      [owner, tenant],
    ]);
  });
});

function sumOf(sizes: readonly number[]): number {
  return sizes.reduce((total, size) => total + size, 0);
}
