import { type Log, PeriodicTask, SILENT_LOG } from '@dbem/runtime';
import { Client, DatabaseError, type Pool } from 'pg';
import { sessionSettings } from './session-settings';

export interface LinkWatchOptions {
  /**
   * A connection on which a query has received nothing for this long is checked, ms; 0: never. The database detects a
   * client that is gone after about twice this time. Default: 10,000.
   */
  readonly timeoutMs?: number;
  /**
   * Idle timeout of the transactions of `inOwnTransaction`, enforced by the database, ms; 0: none. Default: 120,000.
   */
  readonly idleTransactionMs?: number;
  readonly log?: Log;
}

/** Fields of pg's client that are not in its public types. */
interface ClientInternals {
  readonly processID: number | null;
  /** False while a query is running. */
  readonly readyForQuery: boolean;
  readonly connection: {
    readonly stream: {
      readonly bytesRead: number;
      readonly bytesWritten: number;
      isPaused(): boolean;
      destroy(error: Error): void;
    };
    on(event: 'portalSuspended' | 'copyInResponse', listener: () => void): void;
  };
}

interface Watched {
  bytes: number;
  /** ms since 1970. */
  quietSinceMs: number;
  isBeingChecked: boolean;
  /** Checks in a row that failed because the database was unreachable. */
  failedChecks: number;
  /** Byte count at which a running query began to wait for the client: the reader of a cursor, or of a COPY. */
  waitsForClientAt: number | undefined;
  isCopyingIn: boolean;
}

type BackendState = 'busy' | 'idle' | 'unreachable';

const CHECK_TIMEOUT_MS = 5_000;

/** A check against an unreachable database is repeated before the connection is closed. */
const MAX_FAILED_CHECKS = 2;

const BACKEND_ACTIVITY = 'SELECT state, wait_event_type FROM pg_stat_activity WHERE pid = $1';

const watches = new WeakMap<Pool, LinkWatch>();

/**
 * Closes connections whose peer is gone without having closed them, for example because the network drops all packets.
 * A query on such a connection would wait until TCP times out, which takes minutes, or indefinitely behind a proxy.
 *
 *   quiet -(a query receives nothing for `timeoutMs`)-> checked, over another connection
 *     checked -(its backend is busy)-> quiet
 *     checked -(its backend is idle or gone, or the database is unreachable twice)-> closed: its query rejects with
 *       ETIMEDOUT, and the pool drops it
 *
 * A long statement is never ended: neither a migration nor a user's report, nor one that waits for a lock.
 */
export class LinkWatch {
  private readonly clients = new Map<Client, Watched>();
  private readonly checking: PeriodicTask | undefined;
  readonly idleTransactionMs: number;
  private readonly timeoutMs: number;
  private readonly log: Log;

  constructor(
    private readonly pool: Pool,
    { timeoutMs = 10_000, idleTransactionMs = 120_000, log = SILENT_LOG }: LinkWatchOptions = {},
  ) {
    this.timeoutMs = timeoutMs;
    this.idleTransactionMs = idleTransactionMs;
    this.log = log;
    watches.set(pool, this);
    pool.options.verify = (client, done) => {
      this.watch(client as unknown as Client).then(() => done(), done);
    };
    if (timeoutMs > 0) this.checking = PeriodicTask.every(Math.max(timeoutMs / 10, 100), () => this.checkAll());
  }

  /** Undefined for a pool that was not created by `Database`. */
  static of(pool: Pool): LinkWatch | undefined {
    return watches.get(pool);
  }

  /** Watches a client that has just connected, from the pool or not. Rejects if the connection breaks. */
  async watch(client: Client): Promise<void> {
    if (this.timeoutMs === 0) return;
    const watched: Watched = {
      bytes: 0,
      quietSinceMs: Date.now(),
      isBeingChecked: false,
      failedChecks: 0,
      waitsForClientAt: undefined,
      isCopyingIn: false,
    };
    this.clients.set(client, watched);
    client.on('end', () => this.clients.delete(client));
    const { connection } = internalsOf(client);
    connection.on('portalSuspended', () => {
      watched.waitsForClientAt = bytesOf(client);
    });
    connection.on('copyInResponse', () => {
      watched.isCopyingIn = true;
    });
    const { text, values } = sessionSettings(this.timeoutMs);
    await client.query(text, values).catch((error: unknown) => {
      if (!(error instanceof DatabaseError)) throw error;
      this.log.debug({ err: error }, 'the database rejected the session settings that detect lost clients');
    });
  }

  stop(): void {
    void this.checking?.stop();
    this.clients.clear();
  }

  private checkAll(): void {
    for (const [client, watched] of this.clients) {
      const bytes = bytesOf(client);
      const { readyForQuery, connection } = internalsOf(client);
      if (readyForQuery) watched.isCopyingIn = false;
      const isWaiting =
        !readyForQuery && !watched.isCopyingIn && watched.waitsForClientAt !== bytes && !connection.stream.isPaused();
      if (!isWaiting || bytes !== watched.bytes) {
        watched.bytes = bytes;
        watched.quietSinceMs = Date.now();
        watched.failedChecks = 0;
      } else if (!watched.isBeingChecked && Date.now() - watched.quietSinceMs >= this.timeoutMs) {
        void this.check(client, watched);
      }
    }
  }

  private async check(client: Client, watched: Watched): Promise<void> {
    watched.isBeingChecked = true;
    const backend = await this.backendState(internalsOf(client).processID);
    watched.isBeingChecked = false;
    if (bytesOf(client) !== watched.bytes || !this.clients.has(client)) return;
    watched.failedChecks = backend === 'unreachable' ? watched.failedChecks + 1 : 0;
    if (backend === 'idle' || watched.failedChecks >= MAX_FAILED_CHECKS) this.close(client, backend);
    else if (backend === 'busy') watched.quietSinceMs = Date.now();
  }

  private close(client: Client, backend: BackendState): void {
    this.clients.delete(client);
    this.log.warn({ timeoutMs: this.timeoutMs, backend }, 'database connection timed out');
    const error = new Error(`The database connection timed out: nothing received for ${this.timeoutMs} ms`);
    internalsOf(client).connection.stream.destroy(Object.assign(error, { code: 'ETIMEDOUT' }));
  }

  /** If the database refuses the check itself, it is running and the backend may be busy: the connection is kept. */
  private async backendState(pid: number | null): Promise<BackendState> {
    const other = new Client(this.pool.options);
    other.on('error', () => {
      // The query rejects.
    });
    try {
      await other.connect();
      const query = { text: BACKEND_ACTIVITY, values: [pid], query_timeout: CHECK_TIMEOUT_MS };
      const [backend] = (await other.query<{ state: string | null; wait_event_type: string | null }>(query)).rows;
      if (backend === undefined) return 'idle';
      const isIdle = backend.state?.startsWith('idle') || backend.wait_event_type === 'Client';
      return isIdle ? 'idle' : 'busy';
    } catch (error) {
      return error instanceof DatabaseError ? 'busy' : 'unreachable';
    } finally {
      internalsOf(other).connection.stream.destroy(new Error('check is done'));
    }
  }
}

function internalsOf(client: Client): ClientInternals {
  return client as unknown as ClientInternals;
}

function bytesOf(client: Client): number {
  const { bytesRead, bytesWritten } = internalsOf(client).connection.stream;
  return bytesRead + bytesWritten;
}
