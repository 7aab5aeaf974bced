import { DatabaseError, type Pool } from 'pg';

/** Whether a query crashes, and whether before or after its execution. */
export type Crash = 'none' | 'before' | 'after';

/**
 * `pool` with clients whose queries crash as `nextCrash` returns: before the query is executed, or after, which for
 * COMMIT means that the client does not know the outcome. A ROLLBACK never crashes.
 */
export function crashingPool(pool: Pool, nextCrash: () => Crash): Pool {
  const connect = async () => {
    const client = await pool.connect();
    const query = client.query.bind(client) as (...args: unknown[]) => Promise<unknown>;
    const wrapped = Object.create(client) as typeof client;
    Object.assign(wrapped, {
      query: async (...args: unknown[]) => {
        const crash = args[0] === 'ROLLBACK' ? 'none' : nextCrash();
        if (crash === 'before') throw crashError();
        const result = await query(...args);
        if (crash === 'after') throw crashError();
        return result;
      },
      release: (error?: Error | boolean) => client.release(error),
    });
    return wrapped;
  };
  return Object.assign(Object.create(pool) as Pool, { connect, query: pool.query.bind(pool) });
}

/** The error of PostgreSQL when an administrator ends the connection. */
function crashError(): Error {
  return Object.assign(new DatabaseError('a crash', 0, 'error'), { code: '57P01' });
}
