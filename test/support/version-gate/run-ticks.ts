import type fc from 'fast-check';
import type { Pool } from 'pg';

/** `pool` whose queries wait until `scheduler` releases them, so that transactions interleave at every query. */
export function interleaved(pool: Pool, scheduler: fc.Scheduler): Pool {
  const connect = async () => {
    const client = await pool.connect();
    const query = client.query.bind(client) as (...args: unknown[]) => Promise<unknown>;
    const wrapped = Object.create(client) as typeof client;
    Object.assign(wrapped, {
      query: async (...args: unknown[]) => {
        await scheduler.schedule(Promise.resolve());
        return query(...args);
      },
      release: (error?: Error | boolean) => client.release(error),
    });
    return wrapped;
  };
  return Object.assign(Object.create(pool) as Pool, { connect, query: pool.query.bind(pool) });
}

/**
 * Releases one query at a time until `work` is done. A query that waits for a lock in the database does not block the
 * others.
 */
export async function runTicks(scheduler: fc.Scheduler, work: Promise<unknown>): Promise<void> {
  let isDone = false;
  const done = work.finally(() => {
    isDone = true;
  });
  while (!isDone) {
    if (scheduler.count() > 0) await scheduler.waitOne();
    else await new Promise((resolve) => setImmediate(resolve));
  }
  await done;
}
