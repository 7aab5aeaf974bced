import { Client } from 'pg';

const MOST = 12;
const SHOWN_CHARACTERS = 90;

const READ = `
  SELECT datname AS database, calls::float8, rows::float8, total_exec_time AS total_ms, mean_exec_time AS mean_ms, query
  FROM pg_stat_statements JOIN pg_database database ON database.oid = dbid
  ORDER BY total_exec_time DESC LIMIT ${MOST}`;

interface StatementRow {
  readonly database: string;
  readonly calls: number;
  readonly rows: number;
  readonly total_ms: number;
  readonly mean_ms: number;
  readonly query: string;
}

/** Which statements PostgreSQL spends its time with, by its own count (pg_stat_statements): execution only, no planning, no commits. */
export class StatementProfile {
  private constructor(private readonly client: Client) {}

  /** Begins to count anew. @param url of any database of the server. */
  static async start(url: string): Promise<StatementProfile> {
    const client = new Client({ connectionString: url });
    await client.connect();
    await client.query('CREATE EXTENSION IF NOT EXISTS pg_stat_statements');
    await client.query('SELECT pg_stat_statements_reset()');
    return new StatementProfile(client);
  }

  /** The statements that took most, a line each. */
  async finish(): Promise<readonly string[]> {
    const { rows } = await this.client.query<StatementRow>(READ);
    await this.client.end();
    return rows.map(({ database, calls, rows: touched, total_ms, mean_ms, query }) => {
      const text = query.replaceAll(/\s+/g, ' ').trim().slice(0, SHOWN_CHARACTERS);
      const where = database.replace(/^bench-[0-9a-f]+-/, '');
      return `${total_ms.toFixed(0)} ms, ${calls} × ${mean_ms.toFixed(3)} ms, ${touched} rows, ${where}: ${text}`;
    });
  }
}
