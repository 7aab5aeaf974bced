import { DatabaseError, type Pool } from 'pg';

export type Strike = 'none' | 'before' | 'after';

/**
 * `pool`, whose clients fail a query when `strike` draws so: before it is carried out, or after, which for COMMIT means that
 * the client does not learn of it. A ROLLBACK never fails.
 */
export function crashingPool(pool: Pool, strike: () => Strike): Pool {
  const connect = async () => {
    const client = await pool.connect();
    const query = client.query.bind(client) as (...given: unknown[]) => Promise<unknown>;
    const wrapped = Object.create(client) as typeof client;
    Object.assign(wrapped, {
      query: async (...given: unknown[]) => {
        const struck = given[0] === 'ROLLBACK' ? 'none' : strike();
        if (struck === 'before') throw crash();
        const answer = await query(...given);
        if (struck === 'after') throw crash();
        return answer;
      },
      release: (error?: Error | boolean) => client.release(error),
    });
    return wrapped;
  };
  return Object.assign(Object.create(pool) as Pool, { connect, query: pool.query.bind(pool) });
}

/** As PostgreSQL reports it when an administrator ends the connection. */
function crash(): Error {
  return Object.assign(new DatabaseError('a crash', 0, 'error'), { code: '57P01' });
}
