import { EventEmitter } from 'node:events';
import type { Pool } from 'pg';
import { describe, expect, it, vi } from 'vitest';
import { inOwnTransaction } from './transaction';

const IDLE_TOO_LONG = Object.assign(new Error('terminating connection due to idle-in-transaction timeout'), {
  code: '25P03',
});
const TERMINATED = new Error('Connection terminated unexpectedly');

/** A pool with one client, whose connection the database ends when `statement` is sent. */
function poolEndedAt(statement: string, end: (client: EventEmitter) => Error) {
  const client = Object.assign(new EventEmitter(), {
    isEnded: false,
    release: vi.fn(),
    async query(text: string) {
      if (text === statement) {
        client.isEnded = true;
        throw end(client);
      }
      if (client.isEnded) throw TERMINATED;
      return { command: text };
    },
  });
  return { pool: { connect: async () => client, options: {} } as unknown as Pool, client };
}

describe('inOwnTransaction', () => {
  it.each([
    [
      'before the next query is sent',
      (client: EventEmitter) => {
        client.emit('error', IDLE_TOO_LONG);
        return TERMINATED;
      },
    ],
    [
      'while the next query runs',
      (client: EventEmitter) => {
        client.emit('error', TERMINATED);
        return IDLE_TOO_LONG;
      },
    ],
  ])('An idle transaction’s end rejects with the database’s code, whether it arrives %s', async (_when, end) => {
    const { pool, client } = poolEndedAt('SELECT 1', end);
    await expect(inOwnTransaction(pool, (own) => own.query('SELECT 1'))).rejects.toBe(IDLE_TOO_LONG);
    expect(client.release).toHaveBeenCalledWith(true);
  });

  it('A connection that breaks in a transaction rejects as an unavailable database', async () => {
    const { pool } = poolEndedAt('SELECT 1', () => TERMINATED);
    await expect(inOwnTransaction(pool, (own) => own.query('SELECT 1'))).rejects.toMatchObject({
      code: 'DATABASE_UNAVAILABLE',
      cause: TERMINATED,
    });
  });
});
