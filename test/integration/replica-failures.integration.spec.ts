import { encodeEvent, projectCodec } from '@dbem/entity-codec';
import { RETRY_LANES, retryLaneOf } from '@dbem/transport';
import { Pool } from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { waitFor } from '../support';
import { ApplierHarness, PUBLISHER, projectEvent, SERVICE } from '../support/replica/applier-harness';

describe('Applier, when an event fails', () => {
  let harness: ApplierHarness;

  beforeEach(async () => {
    harness = await ApplierHarness.start();
  });

  afterEach(async () => {
    await harness.stop();
  });

  it('finds a poison event among good ones: these are applied once, that one waits in a retry level', async () => {
    harness.interfere = async (changes) => {
      if (changes.some(({ entityId }) => entityId === 'p7')) throw new Error('can’t stand p7');
    };
    await Promise.all(
      Array.from({ length: 16 }, (_, index) => harness.send(projectEvent(`p${index}`, BigInt(index + 1), `n${index}`))),
    );
    await harness.startApplier();
    await waitFor(() => harness.counts.applied === 15 && harness.counts.retriedCount === 1);
    expect(await harness.rows()).toHaveLength(15);
    const { rows: versions } = await harness.database.pool.query(
      "SELECT 1 FROM db_event.replica_version WHERE entity_id = 'p7'",
    );
    expect(versions).toHaveLength(0);
    const lanes = RETRY_LANES.map((_part, lane) => harness.broker.topology.inspectQueue(retryLaneOf(1, lane + 1)));
    const waiting = (await Promise.all(lanes)).map((lane) => lane?.messages ?? 0);
    expect(waiting.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(1);
  });

  it('writes each good event once, and finds two bad ones among 256 in few transactions', async () => {
    const bad = new Set(['p17', 'p200']);
    let transactions = 0;
    harness.interfere = async (changes) => {
      transactions += 1;
      if (changes.some(({ entityId }) => bad.has(entityId))) throw new TypeError('undefined is not a function');
    };
    await Promise.all(
      Array.from({ length: 256 }, (_, index) => harness.send(projectEvent(`p${index}`, BigInt(index + 1), 'n'))),
    );
    await harness.startApplier(undefined, 256);
    await waitFor(() => harness.counts.applied === 254 && harness.counts.retriedCount >= 2);
    const { rows } = await harness.database.pool.query('SELECT DISTINCT written FROM project');
    expect(rows).toEqual([{ written: 1 }]);
    // Each bad one: at most two for each of the eight halvings. Batches may come in parts, retries may have begun.
    expect(transactions).toBeLessThan(60);
  });

  it('applies newer events of an entity while an older one waits, which is then obsolete and is said to be', async () => {
    harness.interfere = async (changes) => {
      if (changes.some(({ version }) => version === 1n)) throw new Error('not this one');
    };
    await harness.startApplier();
    await harness.send(projectEvent('p', 1n, 'one'));
    await waitFor(() => harness.counts.retriedCount === 1);
    await harness.send(projectEvent('p', 2n, 'two'));
    await waitFor(() => harness.counts.obsolete === 1);
    expect(harness.counts).toMatchObject({ applied: 1, stale: 1, parkedCount: 0 });
    expect(await harness.rows()).toEqual([{ id: 'p', name: 'two' }]);
  });

  it('does not let an old publisher’s event, which has no version, come back over a later one', async () => {
    harness.interfere = async (changes) => {
      if (changes.some(({ entity }) => entity.name === 'one')) throw new Error('not this one');
    };
    await harness.startApplier();
    await harness.send(projectEvent('p', undefined, 'one'));
    // In one batch the earlier would not be tried at all.
    await waitFor(() => harness.counts.retriedCount === 1);
    await harness.send(projectEvent('p', undefined, 'two'));
    await harness.send(projectEvent('q', undefined, 'one'));
    await waitFor(() => harness.counts.obsolete >= 1);
    expect(await harness.rows()).toEqual([{ id: 'p', name: 'two' }]);

    // But it comes back where nothing came later, and takes its turn before what comes then.
    harness.interfere = async () => {};
    await waitFor(async () => (await harness.rows()).length === 2);
    await harness.send(projectEvent('q', undefined, 'three'));
    await waitFor(async () => (await harness.rows())[1]?.name === 'three');
  });

  it('does not take for done what PostgreSQL undid because a handler swallowed an error', async () => {
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
      'a bug',
      () => {
        throw new TypeError('x is undefined');
      },
    ],
    [
      'a refused connection to somewhere else',
      () => {
        throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
      },
    ],
    [
      'what is no error at all',
      () => {
        throw Object.create(null);
      },
    ],
  ])('does not take %s in a handler for the database’s trouble: the others go on', async (_what, fail) => {
    harness.interfere = async (changes) => {
      if (changes.some(({ entityId }) => entityId === 'bad')) fail();
    };
    await harness.startApplier();
    await harness.send(projectEvent('bad', 1n, 'bad'));
    await harness.send(projectEvent('good', 2n, 'good'));
    await waitFor(() => harness.counts.applied === 1 && harness.counts.retriedCount >= 1);
  });

  it('lets an event that always runs into a timeout hold up no other', async () => {
    harness.interfere = async (changes, transaction) => {
      if (!changes.some(({ entityId }) => entityId === 'slow')) return;
      await transaction.query("SET LOCAL statement_timeout = '20ms'");
      await transaction.query('SELECT pg_sleep(10)');
    };
    await harness.startApplier();
    await harness.send(projectEvent('slow', 1n, 'slow'));
    await harness.send(projectEvent('good', 2n, 'good'));
    await waitFor(() => harness.counts.applied === 1 && harness.counts.retriedCount >= 1);
  });

  it('tries again in place when its connection to the database breaks', async () => {
    let breaks = 2;
    harness.interfere = async (_changes, transaction) => {
      breaks -= 1;
      if (breaks >= 0) await transaction.query('SELECT pg_terminate_backend(pg_backend_pid())');
    };
    await harness.startApplier();
    await harness.send(projectEvent('p', 1n, 'one'));
    await harness.settled(1);
    expect(harness.counts).toMatchObject({ applied: 1, retriedCount: 0, parkedCount: 0 });
  });

  it('parks an event once, however often its batch comes again while the database is away', async () => {
    const away = new Pool({ connectionString: 'postgres://nobody@127.0.0.1:1/none' });
    await harness.send(Buffer.from('nonsense'));
    await harness.send(projectEvent('p', 1n, 'one'));
    const first = await harness.startApplier(away);
    await waitFor(() => harness.warnings.length > 10);
    await first.stop();
    await away.end();
    await harness.startApplier();
    await waitFor(async () => (await harness.rows()).length === 1);
    expect(await harness.parked()).toHaveLength(1);
  });

  it('applies an event at a later try, when what kept it has passed', async () => {
    let failures = 0;
    harness.interfere = async () => {
      failures += 1;
      if (failures === 1) throw new Error('not yet');
    };
    await harness.startApplier();
    await harness.send(projectEvent('p', 1n, 'one'));
    await waitFor(() => harness.counts.retriedCount === 1);
    expect(await harness.rows()).toEqual([]);
    await waitFor(async () => (await harness.rows()).length === 1);
  });

  it('parks an event after its last retry, with what is known of its failures', async () => {
    harness.interfere = async () => {
      throw new Error('never');
    };
    await harness.startApplier();
    await harness.send(projectEvent('p', 1n, 'one'), {
      'x-dbem-attempts': 4,
      'x-dbem-first-failed-at': '2026-01-01T00:00:00.000Z',
    });
    const [delivery] = await harness.parked();
    expect(delivery?.body).toEqual(projectEvent('p', 1n, 'one'));
    expect(delivery?.headers).toMatchObject({
      'x-dbem-reason-code': 'HANDLER_FAILED',
      'x-dbem-attempts': 5,
      'x-dbem-first-failed-at': '2026-01-01T00:00:00.000Z',
      'x-dbem-failed-at': SERVICE,
    });
    expect(delivery?.headers['x-dbem-reason']).toContain('never');
    expect(delivery?.headers['x-dbem-stack']).toContain('replica-failures.integration.spec');
    expect(delivery?.headers['x-dbem-last-failed-at']).toBeTypeOf('string');
  });

  it('tries again in place when the database says that it may help', async () => {
    let failures = 0;
    harness.interfere = async (_changes, transaction) => {
      failures += 1;
      if (failures < 3) await transaction.query("DO $$ BEGIN RAISE EXCEPTION 'busy' USING ERRCODE = '40001'; END $$");
    };
    await harness.startApplier();
    await harness.send(projectEvent('p', 1n, 'one'));
    await harness.settled(1);
    expect(harness.counts).toMatchObject({ applied: 1, retriedCount: 0, parkedCount: 0 });
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
    await harness.startApplier();
    await harness.send(body());
    await harness.send(projectEvent('p', 1n, 'one'));
    await waitFor(async () => (await harness.rows()).length === 1);
    const [delivery] = await harness.parked();
    expect(delivery?.headers['x-dbem-reason-code']).toBe(code);
    expect(delivery?.body).toEqual(body());
  });
});
