import { DbEventError } from '@dbem/db-event';
import {
  type Client,
  CreateMode,
  createClient,
  Exception,
  type Stat,
  State,
  type Transaction,
} from 'node-zookeeper-client';

const UNEXPECTED_NODE = new Set<number>([Exception.NODE_EXISTS, Exception.NO_NODE, Exception.BAD_VERSION]);

/** An operation that takes longer is given up: calls made while disconnected never return by themselves. */
const OPERATION_TIMEOUT_MS = 4_000;

export interface SessionEvents {
  /** Connected, for the first time or again: watches may have been missed, so all must be read anew. */
  onConnected(): void;
  onDisconnected(): void;
  /** The session is over: expired, or given up because the server fell silent. Happens once; nothing works any more. */
  onEnded(reason: string): void;
}

/** A node as it was read. */
export interface NodeData {
  readonly data: Buffer;
  readonly stat: Stat;
}

/**
 * One ZooKeeper session, with promises, deadlines and a probe that notices a silent server.
 *
 *   connecting -> connected <-> disconnected (the client library reconnects within the session)
 *   connected | disconnected -(expired, silent for a session's time, close)-> ended
 *
 * Operations reject with MAP_UNAVAILABLE when the outcome is unknown or the server is away. Expected refusals are values.
 */
export class ZooKeeperSession {
  private readonly client: Client;
  private readonly probeTimer: NodeJS.Timeout;
  private isEnded = false;
  private lastAnswerAtMs = Date.now();

  constructor(
    connectString: string,
    private readonly sessionTimeoutMs: number,
    private readonly events: SessionEvents,
  ) {
    this.client = createClient(connectString, { sessionTimeout: sessionTimeoutMs, spinDelay: 500 });
    this.client.on('state', (state: State) => this.take(state));
    this.probeTimer = setInterval(() => void this.probe(), sessionTimeoutMs / 3);
    this.probeTimer.unref();
    this.client.connect();
  }

  close(): void {
    this.end('closed');
    this.closeClient();
  }

  /** Creates the node and its parents where they are missing. */
  async ensurePath(path: string): Promise<void> {
    await this.call<string>((done) => this.client.mkdirp(path, done));
  }

  /** @returns false if it exists. */
  async create(path: string, data: Buffer): Promise<boolean> {
    return this.unless(Exception.NODE_EXISTS, (done) => this.client.create(path, data, done));
  }

  async createEphemeral(path: string, data: Buffer): Promise<void> {
    await this.call<string>((done) => this.client.create(path, data, CreateMode.EPHEMERAL, done));
  }

  async setData(path: string, data: Buffer): Promise<void> {
    await this.call<Stat>((done) => this.client.setData(path, data, done));
  }

  /** Undefined if there is no such node; then `onChange` is not called. */
  async getData(path: string, onChange?: () => void): Promise<NodeData | undefined> {
    let stat: Stat | undefined;
    const data = await this.absent<Buffer | undefined>((done) => {
      const callback = (error: Error | Exception | null, data: Buffer, itsStat: Stat) => {
        stat = itsStat;
        done(error, data);
      };
      if (onChange === undefined) this.client.getData(path, callback);
      else this.client.getData(path, onChange, callback);
    });
    if (stat === undefined || data === NO_SUCH_NODE) return undefined;
    return { data: data ?? Buffer.alloc(0), stat };
  }

  /** Undefined if there is no such node; then `onChange` is not called. */
  async getChildren(path: string, onChange?: () => void): Promise<string[] | undefined> {
    const children = await this.absent<string[]>((done) => {
      if (onChange === undefined) this.client.getChildren(path, done);
      else this.client.getChildren(path, onChange, done);
    });
    return children === NO_SUCH_NODE ? undefined : children;
  }

  /** All or nothing. @returns false if it was refused because a node is there, is not there, or has another version,
   * against expectation. */
  async commit(describe: (transaction: Transaction) => void): Promise<boolean> {
    const transaction = this.client.transaction();
    describe(transaction);
    try {
      await this.call<unknown>((done) => transaction.commit(done));
      return true;
    } catch (error) {
      const code = codeOf(error);
      if (code !== undefined && UNEXPECTED_NODE.has(code)) return false;
      throw error;
    }
  }

  private take(state: State): void {
    this.lastAnswerAtMs = Date.now();
    if (state === State.SYNC_CONNECTED) this.events.onConnected();
    else if (state === State.DISCONNECTED) this.events.onDisconnected();
    else if (state === State.EXPIRED) this.end('the session has expired');
    else if (state === State.AUTH_FAILED) this.end('authentication failed');
  }

  private async probe(): Promise<void> {
    try {
      await this.absent<Stat>((done) => this.client.exists('/', done));
      this.lastAnswerAtMs = Date.now();
    } catch {
      if (Date.now() - this.lastAnswerAtMs < this.sessionTimeoutMs) return;
      const { connectionManager } = this.client as unknown as { connectionManager: { socket?: { destroy(): void } } };
      connectionManager.socket?.destroy();
      this.closeClient();
      this.end(`no answer for ${this.sessionTimeoutMs} ms`);
    }
  }

  private closeClient(): void {
    try {
      this.client.close();
    } catch (error) {
      // Without a socket the library notes that it is closing, which ends its tries to connect, and then trips over itself.
      if (!(error instanceof TypeError)) throw error;
    }
  }

  private end(reason: string): void {
    if (this.isEnded) return;
    this.isEnded = true;
    clearInterval(this.probeTimer);
    this.events.onEnded(reason);
  }

  private async unless<Result>(code: number, start: (done: Done<Result>) => void): Promise<boolean> {
    try {
      await this.call(start);
      return true;
    } catch (error) {
      if (codeOf(error) === code) return false;
      throw error;
    }
  }

  private async absent<Result>(start: (done: Done<Result>) => void): Promise<Result | typeof NO_SUCH_NODE> {
    try {
      return await this.call(start);
    } catch (error) {
      if (codeOf(error) === Exception.NO_NODE) return NO_SUCH_NODE;
      throw error;
    }
  }

  private call<Result>(start: (done: Done<Result>) => void): Promise<Result> {
    return new Promise((resolve, reject) => {
      if (this.isEnded) {
        reject(mapUnavailable('the ZooKeeper session is over'));
        return;
      }
      const timer = setTimeout(() => {
        reject(mapUnavailable(`ZooKeeper did not answer within ${OPERATION_TIMEOUT_MS} ms`));
      }, OPERATION_TIMEOUT_MS);
      start((error, result) => {
        clearTimeout(timer);
        if (error === null || error === undefined) resolve(result);
        else reject(mapUnavailable(`ZooKeeper refused: ${error}`, error));
      });
    });
  }
}

type Done<Result> = (error: Error | Exception | null | undefined, result: Result) => void;

const NO_SUCH_NODE = Symbol('no such node');

function mapUnavailable(reason: string, cause?: unknown): DbEventError {
  return new DbEventError('MAP_UNAVAILABLE', `The subscription map can't be reached: ${reason}`, {
    retryable: true,
    cause,
  });
}

/** ZooKeeper's own code behind an error of `call`. */
function codeOf(error: unknown): number | undefined {
  const { cause } = error as { cause?: { code?: unknown } };
  return typeof cause?.code === 'number' ? cause.code : undefined;
}

/** Sets a node's data if it still has this version; else the transaction is refused. */
export function setDataAtVersion(transaction: Transaction, path: string, data: Buffer, version: number): void {
  transaction.setData(path, data, version);
  // The library takes 0, the version of a node that was never changed, for "any".
  const { ops } = transaction as unknown as { ops: { version: number }[] };
  const last = ops.at(-1);
  if (last !== undefined) last.version = version;
}
