import { LinkWatch } from '@dbem/postgres';
import { type Log, SILENT_LOG } from '@dbem/runtime';
import { Client, type Pool } from 'pg';

/** The advisory lock that all relays of a database share: "dbem" as a number, lock 1. */
export const WAKE_UP_LOCK = '1684170093, 1';

/**
 * Lets appending transactions find out whether a relay waits to be woken.
 *
 * Notifying always is slow: PostgreSQL serializes the commits of transactions that NOTIFY, each with its own write to
 * disk, so ten writers were hardly faster than one. A busy relay claims again anyway.
 *
 *   released -request-> requested (appends notify from now on) -granted-> acquired -cancel-> released
 *
 * A waiting relay requests the exclusive lock; an append tries to get the shared lock until the end of its transaction.
 * With the shared lock it does not notify: no relay waits, and a relay that requests the lock meanwhile is granted it
 * only after that transaction has ended, and then claims once more (`onAcquired`). Without the shared lock it notifies.
 * So no row is missed in any order of the two. A relay that waits behind another relay, or behind a long transaction,
 * has requested the lock, and that is enough.
 *
 * Uses a connection of its own, outside the pool: it may be blocked for as long as a transaction lasts.
 */
export class WakeUpLock {
  private client: Client | undefined;
  private isWanted = false;
  private isAcquiring = false;
  private isAcquired = false;
  private isStopped = false;

  constructor(
    private readonly pool: Pool,
    private readonly onAcquired: () => void,
    private readonly log: Log = SILENT_LOG,
  ) {}

  /** Appends notify from the time at which PostgreSQL has received the request. */
  request(): void {
    this.isWanted = true;
    if (!this.isAcquired && !this.isAcquiring && !this.isStopped) void this.acquire();
  }

  /** Appends need not notify any more. */
  cancel(): void {
    this.isWanted = false;
    if (this.isAcquired) void this.release();
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    await this.client?.end();
  }

  private async acquire(): Promise<void> {
    this.isAcquiring = true;
    try {
      const client = await this.connected();
      await client.query(`SELECT pg_advisory_lock(${WAKE_UP_LOCK})`);
      this.isAcquired = true;
    } catch (error) {
      this.forget(error);
    } finally {
      this.isAcquiring = false;
    }
    if (this.isAcquired && !this.isWanted) await this.release();
    else if (this.isAcquired) this.onAcquired();
  }

  private async release(): Promise<void> {
    this.isAcquired = false;
    try {
      await this.client?.query(`SELECT pg_advisory_unlock(${WAKE_UP_LOCK})`);
    } catch (error) {
      this.forget(error);
    }
  }

  private async connected(): Promise<Client> {
    if (this.client !== undefined) return this.client;
    const client = new Client(this.pool.options);
    this.client = client;
    client.on('error', (error) => this.forget(error));
    await client.connect();
    await LinkWatch.of(this.pool)?.watch(client);
    // Acquiring the lock may take any time.
    await client.query('SET lock_timeout = 0; SET statement_timeout = 0');
    return client;
  }

  /** The lock is lost with its connection. Until the next `request` the relay finds rows by polling. */
  private forget(error: unknown): void {
    if (!this.isStopped)
      this.log.debug({ err: error }, 'lost the wake-up lock; the relay polls until it is acquired again');
    const { client } = this;
    this.client = undefined;
    this.isAcquired = false;
    void client?.end().catch(() => {
      // The connection is broken already.
    });
  }
}
