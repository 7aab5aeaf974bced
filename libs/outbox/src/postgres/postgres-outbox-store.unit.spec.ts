import type { Version } from '@dbem/db-event';
import { Client, Pool } from 'pg';
import { describe, expect, it } from 'vitest';
import type { OutboxRow } from '../outbox-store.port';
import { PostgresOutboxStore } from './postgres-outbox-store';

const LIMITS = { rows: 50, bytes: 1_000 };

const PLAIN = {
  version: '9007199254740993',
  entity_type: 'PROJECT',
  entity_id: 'p',
  crud_type: 'UPDATE',
  entity: Buffer.from([1]),
  changed_ms: '1700000000000',
  dependencies: null,
  trace_context: null,
  is_heartbeat: false,
};
const FULL = {
  ...PLAIN,
  version: '7',
  dependencies: [['sharing', 'GROUP', 'g', '3']],
  trace_context: { traceparent: 't' },
  is_heartbeat: true,
};

/**
 * A pool whose one connection finds these rows in the outbox, and records its queries. They fit together, unless only
 * `fitting` of them do.
 */
function poolWith(claimed: readonly unknown[], fitting?: readonly unknown[]) {
  const asked: { readonly text: string; readonly values: readonly unknown[] | undefined }[] = [];
  const client = Object.assign(new Client(), {
    query: async (text: string, values?: readonly unknown[]) => {
      asked.push({ text, values });
      if (!text.includes('DELETE FROM db_event.outbox')) return { command: text, rows: [] };
      if (fitting === undefined) return { command: text, rows: claimed };
      return { command: text, rows: text.includes('sum(bytes) OVER') ? fitting : [] };
    },
    release: () => {},
  });
  return { pool: Object.assign(new Pool(), { connect: async () => client }), asked };
}

/** Claims, confirms the given versions, and returns what was delivered and which columns were given back. */
async function claim(claimed: readonly unknown[], confirmed: readonly Version[]) {
  const { pool, asked } = poolWith(claimed);
  let delivered: readonly OutboxRow[] = [];
  const result = await new PostgresOutboxStore(pool).claim(LIMITS, async (rows) => {
    delivered = rows;
    return new Set(confirmed);
  });
  const givenBack = asked.find(({ text }) => text.includes('INSERT INTO db_event.outbox'))?.values;
  return { result, delivered, givenBack, asked };
}

describe('PostgresOutboxStore', () => {
  it('Claimed rows are delivered in the order of their versions, with all of their columns', async () => {
    const { delivered, asked } = await claim([PLAIN, FULL], []);
    const common = { entityType: 'PROJECT', entityId: 'p', crudType: 'UPDATE', entity: Buffer.from([1]) };
    expect(delivered).toStrictEqual([
      {
        ...common,
        version: 7n,
        changeTimeMs: 1_700_000_000_000,
        dependencies: [{ publisher: 'sharing', entityType: 'GROUP', entityId: 'g', minimumVersion: 3n }],
        traceContext: { traceparent: 't' },
        isHeartbeat: true,
      },
      { ...common, version: 9_007_199_254_740_993n, changeTimeMs: 1_700_000_000_000 },
    ]);
    expect(asked[1]?.values).toEqual([50, 1_000]);
  });

  it('Rows that the broker has not confirmed are given back unchanged', async () => {
    const { result, givenBack } = await claim([FULL, { ...PLAIN, version: '8' }, PLAIN], [8n]);
    expect(result).toEqual({ claimed: 3, confirmed: 1, isFull: false });
    expect(givenBack).toEqual([
      ['7', '9007199254740993'],
      ['PROJECT', 'PROJECT'],
      ['p', 'p'],
      ['UPDATE', 'UPDATE'],
      [Buffer.from([1]), Buffer.from([1])],
      [1_700_000_000_000, 1_700_000_000_000],
      ['[["sharing","GROUP","g","3"]]', null],
      ['{"traceparent":"t"}', null],
      [true, false],
    ]);
  });

  it('A claim whose rows are all confirmed gives nothing back and commits', async () => {
    const { result, givenBack, asked } = await claim([PLAIN, FULL], [7n, 9_007_199_254_740_993n]);
    expect(result).toEqual({ claimed: 2, confirmed: 2, isFull: false });
    expect(givenBack).toBeUndefined();
    expect(asked.at(-1)?.text).toBe('COMMIT');
  });

  it('A claim with as many rows as its limit is full', async () => {
    const { pool } = poolWith([PLAIN, FULL]);
    const confirmed = new Set([7n, 9_007_199_254_740_993n]);
    const result = await new PostgresOutboxStore(pool).claim({ rows: 2, bytes: 1_000 }, async () => confirmed);
    expect(result).toEqual({ claimed: 2, confirmed: 2, isFull: true });
  });

  it('A claim of rows that do not fit together gets those that do, and is full', async () => {
    const { pool } = poolWith([PLAIN, FULL], [FULL]);
    const result = await new PostgresOutboxStore(pool).claim(LIMITS, async () => new Set([7n]));
    expect(result).toEqual({ claimed: 1, confirmed: 1, isFull: true });
  });

  it('A claim on an empty outbox delivers nothing', async () => {
    const { pool } = poolWith([]);
    const deliver = () => Promise.reject(new Error('There is nothing to deliver'));
    expect(await new PostgresOutboxStore(pool).claim(LIMITS, deliver)).toEqual({
      claimed: 0,
      confirmed: 0,
      isFull: false,
    });
  });

  it('A claim whose delivery fails is rolled back', async () => {
    const { pool, asked } = poolWith([PLAIN]);
    const deliver = () => Promise.reject(new Error('away'));
    await expect(new PostgresOutboxStore(pool).claim(LIMITS, deliver)).rejects.toThrow('away');
    expect(asked.at(-1)?.text).toBe('ROLLBACK');
  });
});
