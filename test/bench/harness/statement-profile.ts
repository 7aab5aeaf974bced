import { Client } from 'pg';

const MAX_STATEMENTS = 12;
const MAX_CHARACTERS = 90;

const READ = `
  SELECT datname AS database, calls::float8, rows::float8, total_exec_time AS total_ms, mean_exec_time AS mean_ms, query
  FROM pg_stat_statements JOIN pg_database database ON database.oid = dbid
  ORDER BY total_exec_time DESC LIMIT ${MAX_STATEMENTS}`;

interface StatementRow {
  readonly database: string;
  readonly calls: number;
  readonly rows: number;
  readonly total_ms: number;
  readonly mean_ms: number;
  readonly query: string;
}

/** The statements with the most execution time, from pg_stat_statements; without planning and commits. */
export class StatementProfile {
  private constructor(private readonly client: Client) {}

  /** Resets the statistics. @param url any database of the server */
  static async start(url: string): Promise<StatementProfile> {
    const client = new Client({ connectionString: url });
    await client.connect();
    await client.query('CREATE EXTENSION IF NOT EXISTS pg_stat_statements');
    await client.query('SELECT pg_stat_statements_reset()');
    return new StatementProfile(client);
  }

  /** The statements with the most total time, one per line. */
  async finish(): Promise<readonly string[]> {
    const { rows } = await this.client.query<StatementRow>(READ);
    await this.client.end();
    return rows.map(({ database, calls, rows: touched, total_ms, mean_ms, query }) => {
      const text = query.replaceAll(/\s+/g, ' ').trim().slice(0, MAX_CHARACTERS);
      const where = database.replace(/^bench-[0-9a-f]+-/, '');
      return `${total_ms.toFixed(0)} ms, ${calls} × ${mean_ms.toFixed(3)} ms, ${touched} rows, ${where}: ${text}`;
    });
  }
}
