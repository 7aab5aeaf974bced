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
  /** Requires TLS with these files. Default: as the URL's `sslmode`, which by default is no TLS. */
  readonly tls?: TlsFiles | undefined;
  /** Shown in `pg_stat_activity`. */
  readonly applicationName: string;
  readonly migrations: Migrations;
  /** Maximum number of connections. Default: 20. */
  readonly maxConnections?: number;
  /** Timeout of a new connection, and of the wait for a free one of the pool, ms. Default: 5,000. */
  readonly connectTimeoutMs?: number;
  /** When a connection or a transaction times out. */
  readonly link?: Omit<LinkWatchOptions, 'log'>;
  readonly log?: Log;
}

/**
 * A service's own database: a connection pool, and a schema that is migrated as soon as the database is available.
 *
 *   idle -start-> migrating <-(database unavailable: retry with backoff)-> … -> migrated; any -stop-> stopped
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
      this.log.warn({ err: error }, 'lost an idle database connection');
    });
    // The pool listens for errors only while a connection is idle, and Kysely never does: without this listener, a
    // connection that breaks between two queries of a transaction would end the process. With it, the transaction's
    // next query rejects.
    this.pool.on('connect', (client) => {
      client.on('error', (error) => {
        this.lost += 1;
        this.log.debug({ err: error }, 'lost a database connection');
      });
    });
  }

  /** Number of connections lost since this was created. */
  get lostConnections(): number {
    return this.lost;
  }

  /** Does not wait for the database: see `check`. */
  async start(): Promise<void> {
    this.migrating ??= this.migrateWithRetry();
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

  /** Resolves if the database is available and its schema is up to date; rejects otherwise. */
  async check(): Promise<void> {
    if (!this.isMigrated) throw new Error('The database schema is not migrated yet');
    await this.pool.query('SELECT 1');
  }

  private async migrateWithRetry(): Promise<void> {
    const backoff = new Backoff({ initialMs: 200, maxMs: 5_000 });
    while (!this.stopping.signal.aborted) {
      try {
        await migrate(this.pool, this.options.migrations);
        this.isMigrated = true;
        return;
      } catch (error) {
        this.log.warn({ err: error }, 'schema migration failed; retrying');
        await pause(backoff.next(), this.stopping.signal);
      }
    }
  }

  private get log(): Log {
    return this.options.log ?? SILENT_LOG;
  }
}
