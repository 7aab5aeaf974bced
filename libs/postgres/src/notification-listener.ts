import type { Lifecycle } from '@dbem/db-event';
import { Backoff, type Log, PeriodicTask, pause, SILENT_LOG } from '@dbem/runtime';
import type { Pool } from 'pg';

/** A connection that only listens shows by nothing else that it is dead. */
const SIGN_OF_LIFE_INTERVAL_MS = 15_000;

/**
 * Listens for a database's notifications on a connection of its own, opened again when it breaks. What is sent meanwhile is
 * missed: who relies on it looks for itself now and then.
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
        this.log.debug({ err: error, channel: this.channel }, 'can’t listen for notifications');
        await pause(backoff.next(), this.stopping.signal);
      }
    }
  }

  /** Rejects when the connection breaks; resolves when this stops. */
  private async listenOnce(onListening: () => void): Promise<void> {
    const client = await this.pool.connect();
    const { signal } = this.stopping;
    let livening: PeriodicTask | undefined;
    let onStop = () => {};
    try {
      await new Promise<void>((resolve, reject) => {
        client.once('error', reject);
        livening = PeriodicTask.every(SIGN_OF_LIFE_INTERVAL_MS, () => client.query('SELECT 1').catch(reject));
        client.on('notification', ({ payload = '' }) => this.onNotification(payload));
        onStop = resolve;
        signal.addEventListener('abort', onStop, { once: true });
        if (signal.aborted) resolve();
        else client.query(`LISTEN ${this.channel}`).then(onListening, reject);
      });
    } finally {
      void livening?.stop();
      signal.removeEventListener('abort', onStop);
      // Not for others to use: it listens, or it is broken.
      client.release(true);
    }
  }
}
