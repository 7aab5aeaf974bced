import { LinkWatch } from '@dbem/postgres';
import { type Log, SILENT_LOG } from '@dbem/runtime';
import { Client, type Pool } from 'pg';

/** The advisory lock of all relays of a database; "dbem" as a number, and the first lock of that name. */
export const WAKE_UP_LOCK = '1684170093, 1';

/**
 * Says to the transactions that append whether a relay waits to be woken.
 *
 * Why not wake it always: PostgreSQL lets transactions that NOTIFY commit one after the other, each with its own write to
 * disk, so ten writers were hardly faster than one. A relay that is busy looks again anyway.
 *
 *   off -ask-> asked (the lock is wanted: appends wake from now on) -granted-> held -> off -(drop)-
 *
 * The lock is exclusive; who appends tries for a share of it until the end of its transaction. Who gets the share wakes
 * nobody: no relay waits, and one that asks meanwhile is granted the lock only when that transaction has ended, and is told
 * (`onHeld`) to look once more. Who gets no share wakes. So no row is missed, however the two meet; a relay that waits behind
 * another one, or behind a long transaction, has asked, and that is enough.
 *
 * On a connection of its own, outside of the pool: it may be blocked for as long as a transaction lasts.
 */
export class WakeUpLock {
  private client: Client | undefined;
  private isWanted = false;
  private isAsking = false;
  private isHeld = false;
  private isStopped = false;

  constructor(
    private readonly pool: Pool,
    private readonly onHeld: () => void,
    private readonly log: Log = SILENT_LOG,
  ) {}

  /** From soon on, appends wake. */
  ask(): void {
    this.isWanted = true;
    if (!this.isHeld && !this.isAsking && !this.isStopped) void this.acquire();
  }

  /** Appends need not wake any more. */
  drop(): void {
    this.isWanted = false;
    if (this.isHeld) void this.release();
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    await this.client?.end();
  }

  private async acquire(): Promise<void> {
    this.isAsking = true;
    try {
      const client = await this.connected();
      await client.query(`SELECT pg_advisory_lock(${WAKE_UP_LOCK})`);
      this.isHeld = true;
    } catch (error) {
      this.forget(error);
    } finally {
      this.isAsking = false;
    }
    if (this.isHeld && !this.isWanted) await this.release();
    else if (this.isHeld) this.onHeld();
  }

  private async release(): Promise<void> {
    this.isHeld = false;
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
    // It waits for as long as it takes.
    await client.query('SET lock_timeout = 0; SET statement_timeout = 0');
    return client;
  }

  /** With its connection the lock is gone. Until the next `ask` the relay finds rows by looking. */
  private forget(error: unknown): void {
    if (!this.isStopped) this.log.debug({ err: error }, 'lost the lock that tells appends to wake the relay');
    const { client } = this;
    this.client = undefined;
    this.isHeld = false;
    void client?.end().catch(() => {
      // It is broken already.
    });
  }
}
