import { encodeEvent, projectCodec } from '@dbem/entity-codec';
import { PARKING_HEADERS, ParkedEvents } from '@dbem/transport';
import { Pool } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ApplierHarness } from '../support/replica/applier-harness';
import { arrivedAs, PUBLISHER, projectEvent } from '../support/replica/project-events';
import { waitFor } from '../support/waiting/wait-for';

describe('Applier, when an event fails', () => {
  let harness: ApplierHarness;

  beforeAll(async () => {
    harness = await ApplierHarness.start();
  });

  beforeEach(async () => {
    await harness.begin();
  });

  afterEach(async () => {
    await harness.end();
  });

  afterAll(async () => {
    await harness.stop();
  });

  /** Makes the handler fail for these entities. */
  const failFor = (...ids: string[]) => {
    harness.interfere = async (changes) => {
      const bad = changes.find(({ entityId }) => ids.includes(entityId));
      if (bad !== undefined) throw new Error(`cannot apply ${bad.entityId}`);
    };
  };
  const sendMany = (count: number) =>
    Promise.all(
      Array.from({ length: count }, (_, index) => harness.send(projectEvent(`p${index}`, BigInt(index + 1), 'n'))),
    );

  it('A poison event goes to a retry level, while the good events of its batch are applied once', async () => {
    failFor('p7');
    await sendMany(16);
    await harness.startApplier();
    await waitFor(() => harness.counts.applied === 15 && harness.counts.retriedCount >= 1);
    expect(await harness.rows()).toHaveLength(15);
    const { rows: versions } = await harness.database.pool.query(
      "SELECT 1 FROM db_event.replica_version WHERE entity_id = 'p7'",
    );
    expect(versions).toHaveLength(0);
    for (const { body } of harness.retried) expect(body).toEqual(projectEvent('p7', 8n, 'n'));
    // It exists only in the retry level, from which it returns.
    harness.interfere = async () => {};
    await harness.untilProcessed(16);
    const { rows } = await harness.database.pool.query('SELECT DISTINCT written FROM project');
    expect(rows).toEqual([{ written: 1 }]);
  });

  it('Two bad events in a batch of 256 are found by halving the batch, and each good event is written once', async () => {
    const bad = ['p17', 'p200'];
    let failed = 0;
    harness.interfere = async (changes) => {
      const isRetried = harness.counts.retriedCount >= bad.length;
      if (isRetried || !changes.some(({ entityId }) => bad.includes(entityId))) return;
      failed += 1;
      throw new TypeError('undefined is not a function');
    };
    await sendMany(256);
    await harness.startApplier(undefined, 256);
    await waitFor(() => harness.counts.applied >= 254 && harness.counts.retriedCount >= bad.length);
    // Per bad event: the whole batch, and one part for each of the eight halvings.
    expect(failed).toBeLessThanOrEqual(bad.length * 9);
    await harness.untilProcessed(256);
    const { rows } = await harness.database.pool.query('SELECT DISTINCT written FROM project');
    expect(rows).toEqual([{ written: 1 }]);
  });

  it('An event in a retry level is counted as stale after a newer event of its entity is applied', async () => {
    harness.interfere = async (changes) => {
      if (changes.some(({ version }) => version === 1n)) throw new Error('not this one');
    };
    await harness.startApplier();
    await harness.send(projectEvent('p', 1n, 'one'));
    await waitFor(() => harness.counts.retriedCount === 1);
    await harness.send(projectEvent('p', 2n, 'two'));
    await waitFor(() => harness.counts.staleRetries === 1);
    expect(harness.counts).toMatchObject({ applied: 1, stale: 1, parkedCount: 0 });
    expect(await harness.rows()).toEqual([{ id: 'p', name: 'two' }]);
  });

  it('A legacy publisher’s event, which has no version, does not overwrite a later one when it is retried', async () => {
    harness.interfere = async (changes) => {
      if (changes.some(({ entity }) => entity.name === 'one')) throw new Error('not this one');
    };
    await harness.startApplier();
    await harness.send(projectEvent('p', undefined, 'one'), arrivedAs(1));
    // In one batch the earlier event would be skipped.
    await waitFor(() => harness.counts.retriedCount === 1);
    await harness.send(projectEvent('p', undefined, 'two'), arrivedAs(2));
    await harness.send(projectEvent('q', undefined, 'one'), arrivedAs(3));
    await waitFor(() => harness.counts.staleRetries >= 1);
    expect(await harness.rows()).toEqual([{ id: 'p', name: 'two' }]);

    // It is retried where nothing came later, and applied before later events.
    harness.interfere = async () => {};
    await waitFor(async () => (await harness.rows()).length === 2);
    await harness.send(projectEvent('q', undefined, 'three'), arrivedAs(4));
    await waitFor(async () => (await harness.rows())[1]?.name === 'three');
  });

  it('A legacy publisher’s event that is redriven after a later one was applied is stale', async () => {
    failFor('p');
    await harness.startApplier();
    await harness.send(projectEvent('p', undefined, 'one'), { ...arrivedAs(1), [PARKING_HEADERS.attempts]: 4 });
    await waitFor(() => harness.counts.parkedCount === 1);
    harness.interfere = async () => {};
    await harness.send(projectEvent('p', undefined, 'two', 'DELETE'), arrivedAs(2));
    await harness.untilProcessed(2);
    expect(await new ParkedEvents(harness.broker).redrive(harness.service)).toMatchObject({ redriven: 1, failed: 0 });
    await harness.untilProcessed(3);
    expect(harness.counts).toMatchObject({ applied: 1, stale: 1 });
    expect(await harness.rows()).toEqual([]);
  });

  it('A transaction that PostgreSQL aborted because a handler swallowed an error is not counted as applied', async () => {
    let isSwallowing = true;
    harness.interfere = async (_changes, transaction) => {
      if (isSwallowing) await Promise.resolve(transaction.query('SELECT 1 / 0')).catch(() => {});
    };
    await harness.startApplier();
    await harness.send(projectEvent('p', 1n, 'one'));
    await waitFor(() => harness.counts.retriedCount === 1);
    expect(harness.counts.applied).toBe(0);
    isSwallowing = false;
    await waitFor(async () => (await harness.rows()).length === 1);
  });

  it.each<[string, () => never]>([
    [
      'A bug',
      () => {
        throw new TypeError('x is undefined');
      },
    ],
    [
      'A refused connection to another server',
      () => {
        throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
      },
    ],
    [
      'A thrown value that is not an Error',
      () => {
        throw Object.create(null);
      },
    ],
  ])('%s in a handler is not treated as a database failure: other events are applied', async (_what, fail) => {
    harness.interfere = async (changes) => {
      if (changes.some(({ entityId }) => entityId === 'bad')) fail();
    };
    await harness.startApplier();
    await harness.send(projectEvent('bad', 1n, 'bad'));
    await harness.send(projectEvent('good', 2n, 'good'));
    await waitFor(() => harness.counts.applied === 1 && harness.counts.retriedCount >= 1);
    expect(await harness.rows()).toEqual([{ id: 'good', name: 'good' }]);
  });

  it('An event whose handler always times out does not delay other events', async () => {
    harness.interfere = async (changes, transaction) => {
      if (!changes.some(({ entityId }) => entityId === 'slow')) return;
      await transaction.query("SET LOCAL statement_timeout = '20ms'");
      await transaction.query('SELECT pg_sleep(10)');
    };
    await harness.startApplier();
    await harness.send(projectEvent('slow', 1n, 'slow'));
    await harness.send(projectEvent('good', 2n, 'good'));
    await waitFor(() => harness.counts.applied === 1 && harness.counts.retriedCount >= 1);
    expect(await harness.rows()).toEqual([{ id: 'good', name: 'good' }]);
  });

  it('A batch whose database connection breaks is applied again at once, without a retry level', async () => {
    const broken: unknown[] = [];
    harness.interfere = async (_changes, transaction) => {
      if (broken.length === 2) return;
      try {
        await transaction.query('SELECT pg_terminate_backend(pg_backend_pid())');
      } catch (error) {
        broken.push((error as { code?: unknown }).code);
        throw error;
      }
    };
    await harness.startApplier();
    await harness.send(projectEvent('p', 1n, 'one'));
    await harness.untilProcessed(1);
    expect(broken).toEqual(['57P01', '57P01']);
    expect(harness.counts).toMatchObject({ applied: 1, retriedCount: 0, parkedCount: 0 });
  });

  it('An event that can’t be decoded is parked once, however often its batch is redelivered while the database is unavailable', async () => {
    const unavailable = new Pool({ connectionString: 'postgres://nobody@127.0.0.1:1/none' });
    await expect(unavailable.query('SELECT 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await harness.send(Buffer.from('nonsense'));
    await harness.send(projectEvent('p', 1n, 'one'));
    const first = await harness.startApplier(unavailable);
    await waitFor(() => harness.warnings.length > 10);
    await first.stop();
    await unavailable.end();
    await harness.startApplier();
    await waitFor(async () => (await harness.rows()).length === 1);
    expect(await harness.parked()).toHaveLength(1);
    expect(harness.counts.parkedCount).toBe(1);
  });

  it('An event is applied by a retry after the cause of its failure has gone', async () => {
    let failures = 0;
    harness.interfere = async () => {
      failures += 1;
      if (failures === 1) throw new Error('not yet');
    };
    await harness.startApplier();
    await harness.send(projectEvent('p', 1n, 'one'));
    await waitFor(() => harness.counts.retriedCount === 1);
    expect(harness.counts.applied).toBe(0);
    await waitFor(async () => (await harness.rows()).length === 1);
    expect(failures).toBe(2);
  });

  it('An event is parked after its last retry, with the details of its failures', async () => {
    failFor('p');
    await harness.startApplier();
    await harness.send(projectEvent('p', 1n, 'one'), {
      [PARKING_HEADERS.attempts]: 4,
      [PARKING_HEADERS.firstFailedAt]: '2026-01-01T00:00:00.000Z',
    });
    const [delivery] = await harness.parked();
    expect(delivery?.body).toEqual(projectEvent('p', 1n, 'one'));
    expect(delivery?.headers).toMatchObject({
      [PARKING_HEADERS.reasonCode]: 'HANDLER_FAILED',
      [PARKING_HEADERS.attempts]: 5,
      [PARKING_HEADERS.firstFailedAt]: '2026-01-01T00:00:00.000Z',
      [PARKING_HEADERS.failedAt]: harness.service,
    });
    expect(delivery?.headers[PARKING_HEADERS.reason]).toContain('cannot apply p');
    expect(delivery?.headers[PARKING_HEADERS.stack]).toContain('replica-failures.integration.spec');
    expect(delivery?.headers[PARKING_HEADERS.lastFailedAt]).toBeTypeOf('string');
  });

  it('A batch that the database rejects with a retryable error is applied again at once, without a retry level', async () => {
    let failures = 0;
    harness.interfere = async (_changes, transaction) => {
      failures += 1;
      if (failures < 3) await transaction.query("DO $$ BEGIN RAISE EXCEPTION 'busy' USING ERRCODE = '40001'; END $$");
    };
    await harness.startApplier();
    await harness.send(projectEvent('p', 1n, 'one'));
    await harness.untilProcessed(1);
    expect(harness.counts).toMatchObject({ applied: 1, retriedCount: 0, parkedCount: 0 });
    expect(failures).toBe(3);
  });

  const known = { publisher: PUBLISHER, entityType: 'PROJECT', crudType: 'UPDATE' } as const;

  it.each([
    ['A message that is not an event', () => Buffer.from('nonsense'), 'MESSAGE_MALFORMED'],
    [
      'An event without a handler',
      () => encodeEvent({ ...known, publisher: 'other', entity: Buffer.alloc(1) }),
      'HANDLER_MISSING',
    ],
    [
      'An event whose entity id differs from its header',
      () => {
        const entity = projectCodec.encode({ projectID: 'p', owner: 'ada', gatewayId: 'gw', name: 'n' });
        return encodeEvent({ ...known, entity, version: 1n, entityId: 'q' });
      },
      'ENTITY_INVALID',
    ],
    ['An event whose entity lacks a field', () => encodeEvent({ ...known, entity: Buffer.alloc(1) }), 'ENTITY_INVALID'],
  ])('%s is parked, and the next event is applied', async (_what, body, code) => {
    await harness.startApplier();
    await harness.send(body());
    await harness.send(projectEvent('p', 1n, 'one'));
    await waitFor(async () => (await harness.rows()).length === 1);
    const [delivery] = await harness.parked();
    expect(delivery?.headers[PARKING_HEADERS.reasonCode]).toBe(code);
    expect(delivery?.body).toEqual(body());
  });
});
