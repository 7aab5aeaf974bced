import type { Lifecycle } from '@dbem/db-event';
import type { TlsFiles } from '@dbem/runtime';
import { Backoff, type Log, pause, SILENT_LOG } from '@dbem/runtime';
import { Pool } from 'pg';
import { databaseTls, withoutTlsParameters } from './database-tls';
import { LinkWatch, type LinkWatchOptions } from './link-watch';
import { type Migrations, migrate } from './migrate';

export interface DatabaseOptions {
  /** postgres:// with user, password and database. */
  readonly url: string;
  /** Reaches the database by TLS, and refuses one without. Default: as the URL says (`sslmode`), which is without. */
  readonly tls?: TlsFiles | undefined;
  /** Shown in `pg_stat_activity`. */
  readonly applicationName: string;
  readonly migrations: Migrations;
  /** Most connections. Default: 20. */
  readonly maxConnections?: number;
  /** How long a new connection may take, or a query may wait for one of the pool's, ms. Default: 5,000. */
  readonly connectTimeoutMs?: number;
  /** When a connection, or a transaction, is taken for dead. */
  readonly link?: Omit<LinkWatchOptions, 'log'>;
  readonly log?: Log;
}

/**
 * A service's own database: a pool of connections, and a schema that is brought up to date as soon as the database is there.
 *
 *   idle -start-> migrating <-(database away: pause, growing)-> … -> migrated; any -stop-> stopped
 */
export class Database implements Lifecycle {
  readonly pool: Pool;
  private readonly links: LinkWatch;
  private lost = 0;
  private isMigrated = false;
  private migrating: Promise<void> | undefined;
  private ending: Promise<void> | undefined;
  private readonly stopping = new AbortController();

  constructor(private readonly options: DatabaseOptions) {
    const { url, tls } = options;
    this.pool = new Pool({
      connectionString: tls === undefined ? url : withoutTlsParameters(url),
      ...(tls !== undefined && { ssl: databaseTls(tls) }),
      application_name: options.applicationName,
      max: options.maxConnections ?? 20,
      connectionTimeoutMillis: options.connectTimeoutMs ?? 5_000,
      keepAlive: true,
    });
    this.links = new LinkWatch(this.pool, { ...options.link, log: this.log });
    this.pool.on('error', (error) => {
      this.log.warn({ err: error }, 'lost an idle connection to the database');
    });
    // The pool listens only while a connection is idle, and Kysely never does: a connection that breaks in a transaction,
    // between two queries, would end the process. The transaction's next query rejects.
    this.pool.on('connect', (client) => {
      client.on('error', (error) => {
        this.lost += 1;
        this.log.debug({ err: error }, 'lost a connection to the database');
      });
    });
  }

  /** How many connections broke since this was made. */
  get lostConnections(): number {
    return this.lost;
  }

  /** Does not wait for the database: see `check`. */
  async start(): Promise<void> {
    this.migrating ??= this.migrateWhenThere();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.migrating;
    this.ending ??= this.pool.end();
    await this.ending;
    this.links.stop();
  }

  /** Resolves when the schema is up to date, or after `timeoutMs`. */
  async waitUntilMigrated(timeoutMs: number): Promise<void> {
    await Promise.race([this.migrating, pause(timeoutMs, this.stopping.signal)]);
  }

  /** Resolves if the database answers and its schema is up to date; rejects otherwise. */
  async check(): Promise<void> {
    if (!this.isMigrated) throw new Error('The schema is not up to date yet');
    await this.pool.query('SELECT 1');
  }

  private async migrateWhenThere(): Promise<void> {
    const backoff = new Backoff({ initialMs: 200, maxMs: 5_000 });
    while (!this.stopping.signal.aborted) {
      try {
        await migrate(this.pool, this.options.migrations);
        this.isMigrated = true;
        return;
      } catch (error) {
        this.log.warn({ err: error }, 'could not bring the schema up to date; trying again');
        await pause(backoff.next(), this.stopping.signal);
      }
    }
  }

  private get log(): Log {
    return this.options.log ?? SILENT_LOG;
  }
}
