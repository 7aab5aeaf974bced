import type { Pool, PoolClient } from 'pg';

/** Runs `work` in one transaction: commits when it resolves, rolls back and rejects with the same error when it rejects. */
export async function inTransaction<Result>(
  pool: Pool,
  work: (client: PoolClient) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect();
  // A connection that breaks while checked out reports here too; the query under way rejects with the same error.
  const ignoreBrokenConnection = () => {};
  client.on('error', ignoreBrokenConnection);
  let failure: unknown;
  try {
    await client.query('BEGIN');
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    failure = error;
    await client.query('ROLLBACK').then(
      () => {
        failure = undefined;
      },
      () => {
        // The connection is gone, and the transaction with it: below, the client is thrown away.
      },
    );
    throw error;
  } finally {
    client.off('error', ignoreBrokenConnection);
    client.release(failure instanceof Error ? failure : failure !== undefined);
  }
}
