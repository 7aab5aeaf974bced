import { DbEventError, type Lifecycle } from '@dbem/db-event';
import { Backoff, type Log, pause, SILENT_LOG } from '@dbem/runtime';
import type { NodeProtection } from './node-rights';
import { ZooKeeperSession } from './zookeeper-session';

export interface ReconnectingSessionOptions {
  /** Comma-separated host:port, with an optional /chroot, which must exist. */
  readonly connectString: string;
  /** ZooKeeper expires the session after this time without a message from it, ms. Default: 6,000. */
  readonly sessionTimeoutMs?: number;
  /** Default: anyone may change our nodes. */
  readonly protection?: NodeProtection | undefined;
  readonly log?: Log;
}

/**
 * A ZooKeeper session that is replaced when it ends. Ephemeral nodes belong to a session: code that creates one must
 * keep a reference to that session, whose calls reject once it has ended.
 *
 *   idle -start-> connecting -> connected -(session ended)-> growing backoff -> connecting …; any -stop-> stopped
 */
export class ReconnectingSession implements Lifecycle {
  private session: ZooKeeperSession | undefined;
  private isConnected = false;
  private readonly backoff = new Backoff({ initialMs: 200, maxMs: 5_000 });
  private readonly stopping = new AbortController();

  constructor(private readonly options: ReconnectingSessionOptions) {}

  async start(): Promise<void> {
    if (this.session === undefined && !this.stopping.signal.aborted) this.open();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    this.session?.close();
    this.session = undefined;
  }

  /** @throws DbEventError MAP_UNAVAILABLE while there is no connection. */
  get current(): ZooKeeperSession {
    if (this.session === undefined || !this.isConnected) {
      throw new DbEventError('MAP_UNAVAILABLE', 'ZooKeeper can’t be reached', { retryable: true });
    }
    return this.session;
  }

  private open(): void {
    const { connectString, sessionTimeoutMs = 6_000, protection } = this.options;
    const events = {
      onConnected: () => {
        this.isConnected = true;
        this.backoff.reset();
      },
      onDisconnected: () => {
        this.isConnected = false;
      },
      onEnded: (reason: string) => void this.replace(session, reason),
    };
    const session = new ZooKeeperSession(connectString, sessionTimeoutMs, events, protection);
    this.session = session;
  }

  private async replace(ended: ZooKeeperSession, reason: string): Promise<void> {
    if (this.session !== ended || this.stopping.signal.aborted) return;
    this.isConnected = false;
    this.session = undefined;
    (this.options.log ?? SILENT_LOG).warn({ reason }, 'ZooKeeper session ended, opening a new one');
    await pause(this.backoff.next(), this.stopping.signal);
    if (!this.stopping.signal.aborted) this.open();
  }
}
