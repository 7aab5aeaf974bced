import type { Lifecycle } from '@dbem/db-event';
import { Backoff, type Log, PeriodicTask, pause, SILENT_LOG } from '@dbem/runtime';
import type { Pool } from 'pg';

/** Without a query now and then, a broken connection that only listens would go unnoticed. */
const KEEPALIVE_INTERVAL_MS = 15_000;

/**
 * Listens for PostgreSQL notifications on a dedicated connection, and reconnects when it breaks. Notifications that are
 * sent in between are missed, so users must also poll.
 *
 *   idle -start-> listening <-> reconnecting; any -stop-> stopped
 */
export class NotificationListener implements Lifecycle {
  private readonly stopping = new AbortController();
  private listening: Promise<void> | undefined;

  constructor(
    private readonly pool: Pool,
    private readonly channel: string,
    private readonly onNotification: (payload: string) => void,
    private readonly log: Log = SILENT_LOG,
  ) {}

  async start(): Promise<void> {
    if (this.stopping.signal.aborted) return;
    this.listening ??= this.listen();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.listening;
  }

  private async listen(): Promise<void> {
    const backoff = new Backoff({ initialMs: 100, maxMs: 5_000 });
    while (!this.stopping.signal.aborted) {
      try {
        await this.listenOnce(() => backoff.reset());
      } catch (error) {
        this.log.debug({ channel: this.channel, err: error }, 'could not listen for notifications; reconnecting');
        await pause(backoff.next(), this.stopping.signal);
      }
    }
  }

  /** Rejects when the connection breaks; resolves when the listener stops. */
  private async listenOnce(onListening: () => void): Promise<void> {
    const client = await this.pool.connect();
    const { signal } = this.stopping;
    let keepalive: PeriodicTask | undefined;
    let onStop = () => {};
    try {
      await new Promise<void>((resolve, reject) => {
        client.once('error', reject);
        keepalive = PeriodicTask.every(KEEPALIVE_INTERVAL_MS, () => client.query('SELECT 1').catch(reject));
        client.on('notification', ({ payload = '' }) => this.onNotification(payload));
        onStop = resolve;
        signal.addEventListener('abort', onStop, { once: true });
        if (signal.aborted) resolve();
        else client.query(`LISTEN ${this.channel}`).then(onListening, reject);
      });
    } finally {
      void keepalive?.stop();
      signal.removeEventListener('abort', onStop);
      // Destroyed instead of returned to the pool: it still listens, or it is broken.
      client.release(true);
    }
  }
}
