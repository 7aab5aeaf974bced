import type fc from 'fast-check';
import type { Pool } from 'pg';

/** Each query waits for its turn, which `scheduler` draws: so transactions interleave at every step. */
export function interleaved(pool: Pool, scheduler: fc.Scheduler): Pool {
  const connect = async () => {
    const client = await pool.connect();
    const query = client.query.bind(client) as (...given: unknown[]) => Promise<unknown>;
    const wrapped = Object.create(client) as typeof client;
    Object.assign(wrapped, {
      query: async (...given: unknown[]) => {
        await scheduler.schedule(Promise.resolve());
        return query(...given);
      },
      release: (error?: Error | boolean) => client.release(error),
    });
    return wrapped;
  };
  return Object.assign(Object.create(pool) as Pool, { connect, query: pool.query.bind(pool) });
}

/** Gives turns until `work` is done. One that waits for a lock in the database asks for none meanwhile. */
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
