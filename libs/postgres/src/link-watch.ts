import { type Log, PeriodicTask, SILENT_LOG } from '@dbem/runtime';
import { Client, DatabaseError, type Pool } from 'pg';
import { sessionSettings } from './session-settings';

export interface LinkWatchOptions {
  /**
   * A connection on which a query has heard nothing for so long is looked into, ms; 0: never. The database also notices a peer that
   * is gone after about twice this. Default: 10,000.
   */
  readonly timeoutMs?: number;
  /** For the transactions of `inOwnTransaction`: the database ends one that is idle for longer, ms; 0: never. Default: 120,000. */
  readonly idleTransactionMs?: number;
  readonly log?: Log;
}

/** What we need of the library beyond its face. */
interface ClientInternals {
  readonly processID: number | null;
  /** False while a query is under way. */
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
  isAskedAbout: boolean;
  /** The database could not be asked, so often in a row. */
  unasked: number;
  /** It is the client's turn though its query is not over: the reader of a cursor, or of a COPY. */
  isOurTurnAt: number | undefined;
  isCopyingIn: boolean;
}

type Answer = 'at work' | 'not at work' | 'no answer';

const ASK_TIMEOUT_MS = 5_000;

/** A database that can't be asked is asked again before its connections are given up. */
const MAX_UNASKED = 2;

const WHAT_IT_DOES = 'SELECT state, wait_event_type FROM pg_stat_activity WHERE pid = $1';

const watches = new WeakMap<Pool, LinkWatch>();

/**
 * Gives up connections whose other end has fallen silent without closing them, as when a network swallows everything; a query on
 * one would wait until TCP gives up, for minutes, or for ever behind a proxy.
 *
 *   quiet -(a query hears nothing for `timeoutMs`)-> asked about, over another connection
 *     asked -(the database is at work for it)-> quiet
 *     asked -(it is not, or can't be asked, twice)-> given up: its query rejects with ETIMEDOUT, the pool forgets it
 *
 * So nobody's statement is ended for taking long: neither a migration nor a user's report, nor one that waits for a lock.
 */
export class LinkWatch {
  private readonly clients = new Map<Client, Watched>();
  private readonly looking: PeriodicTask | undefined;
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
    if (timeoutMs > 0) this.looking = PeriodicTask.every(Math.max(timeoutMs / 10, 100), () => this.look());
  }

  /** Undefined for a pool that is somebody else's. */
  static of(pool: Pool): LinkWatch | undefined {
    return watches.get(pool);
  }

  /** Watches a client that has just connected, of the pool or beside it. Rejects if the connection breaks. */
  async watch(client: Client): Promise<void> {
    if (this.timeoutMs === 0) return;
    const watched: Watched = {
      bytes: 0,
      quietSinceMs: Date.now(),
      isAskedAbout: false,
      unasked: 0,
      isOurTurnAt: undefined,
      isCopyingIn: false,
    };
    this.clients.set(client, watched);
    client.on('end', () => this.clients.delete(client));
    const { connection } = internalsOf(client);
    connection.on('portalSuspended', () => {
      watched.isOurTurnAt = bytesOf(client);
    });
    connection.on('copyInResponse', () => {
      watched.isCopyingIn = true;
    });
    const { text, values } = sessionSettings(this.timeoutMs);
    await client.query(text, values).catch((error: unknown) => {
      if (!(error instanceof DatabaseError)) throw error;
      this.log.debug({ err: error }, 'the database does not take what tells it when we are gone');
    });
  }

  stop(): void {
    void this.looking?.stop();
    this.clients.clear();
  }

  private look(): void {
    for (const [client, watched] of this.clients) {
      const bytes = bytesOf(client);
      const { readyForQuery, connection } = internalsOf(client);
      if (readyForQuery) watched.isCopyingIn = false;
      const isWaiting =
        !readyForQuery && !watched.isCopyingIn && watched.isOurTurnAt !== bytes && !connection.stream.isPaused();
      if (!isWaiting || bytes !== watched.bytes) {
        watched.bytes = bytes;
        watched.quietSinceMs = Date.now();
        watched.unasked = 0;
      } else if (!watched.isAskedAbout && Date.now() - watched.quietSinceMs >= this.timeoutMs) {
        void this.lookInto(client, watched);
      }
    }
  }

  private async lookInto(client: Client, watched: Watched): Promise<void> {
    watched.isAskedAbout = true;
    const answer = await this.ask(internalsOf(client).processID);
    watched.isAskedAbout = false;
    if (bytesOf(client) !== watched.bytes || !this.clients.has(client)) return;
    watched.unasked = answer === 'no answer' ? watched.unasked + 1 : 0;
    if (answer === 'not at work' || watched.unasked >= MAX_UNASKED) this.giveUp(client, answer);
    else if (answer === 'at work') watched.quietSinceMs = Date.now();
  }

  private giveUp(client: Client, answer: Answer): void {
    this.clients.delete(client);
    this.log.warn(
      { timeoutMs: this.timeoutMs, answer },
      'giving up a connection on which the database has fallen silent',
    );
    const error = new Error(`The database has been silent on this connection for ${this.timeoutMs} ms`);
    internalsOf(client).connection.stream.destroy(Object.assign(error, { code: 'ETIMEDOUT' }));
  }

  /** Who refuses us is there, and may be at work: the connection is left. */
  private async ask(pid: number | null): Promise<Answer> {
    const other = new Client(this.pool.options);
    other.on('error', () => {
      // What it was asked rejects.
    });
    try {
      await other.connect();
      const question = { text: WHAT_IT_DOES, values: [pid], query_timeout: ASK_TIMEOUT_MS };
      const [backend] = (await other.query<{ state: string | null; wait_event_type: string | null }>(question)).rows;
      if (backend === undefined) return 'not at work';
      const isOver = backend.state?.startsWith('idle') || backend.wait_event_type === 'Client';
      return isOver ? 'not at work' : 'at work';
    } catch (error) {
      return error instanceof DatabaseError ? 'at work' : 'no answer';
    } finally {
      internalsOf(other).connection.stream.destroy(new Error('asked'));
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
