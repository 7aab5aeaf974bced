import { randomUUID } from 'node:crypto';
import { Pool } from 'pg';
import { inject } from 'vitest';
import { administer, type Template, urlOf } from './template-databases';

export interface FreshDatabase {
  readonly url: string;
  readonly pool: Pool;
  drop(): Promise<void>;
}

/** A new PostgreSQL database for one test file, with the schema of `template`. Default: no schema. */
export async function freshDatabase(template?: Template): Promise<FreshDatabase> {
  const server = inject('postgresUrl');
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const copied = template === undefined ? '' : ` TEMPLATE ${inject('templateDatabases')[template]}`;
  await administer(server, (client) => client.query(`CREATE DATABASE ${name}${copied}`));
  const url = urlOf(server, name);
  const pool = new Pool({ connectionString: url, max: 20 });
  pool.on('error', () => {
    // Dropping the database closes idle connections; a query on a closed connection reports the error itself.
  });
  return {
    url,
    pool,
    drop: async () => {
      await pool.end();
      await administer(server, (client) => client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
    },
  };
}
