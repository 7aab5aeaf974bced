import { Socket } from 'node:net';
import { DbEventError } from '@dbem/db-event';
import { coalesceWrites, PeriodicTask } from '@dbem/runtime';
import {
  type ACL,
  type Client,
  CreateMode,
  createClient,
  Exception,
  type Stat,
  State,
  type Transaction,
} from 'node-zookeeper-client';
import { withExactVersions } from './exact-versions';
import { isOpen, type NodeProtection, rightsOf } from './node-rights';

const UNEXPECTED_NODE = new Set<number>([Exception.NODE_EXISTS, Exception.NO_NODE, Exception.BAD_VERSION]);

/** Operations time out after this time: calls made while disconnected would never return. */
const OPERATION_TIMEOUT_MS = 4_000;

export interface SessionEvents {
  /** Connected for the first time or again. Watches may have been missed, so everything must be read again. */
  onConnected(): void;
  onDisconnected(): void;
  /** The session has ended: it expired, was closed, or timed out. Called once; all further calls reject. */
  onEnded(reason: string): void;
}

/** A node's content and stat. */
export interface NodeData {
  readonly data: Buffer;
  readonly stat: Stat;
}

/** The names of a node's children, and the node's stat of the same moment. */
export interface NodeFamily {
  readonly children: string[];
  readonly stat: Stat;
}

/** Internals of the library that we use. */
interface ClientInternals {
  readonly socket?: { destroy(): void };
  readonly packetQueue: { shift(): unknown };
  pendingBuffer: Buffer | null;
  onSocketData: () => void;
}

/**
 * One ZooKeeper session, with promises, timeouts and a probe that detects an unresponsive server.
 *
 *   connecting -> connected <-> disconnected (the client library reconnects within the session)
 *   connected | disconnected -(expired, no response for the session timeout, close)-> ended
 *
 * Operations reject with MAP_UNAVAILABLE if the outcome is unknown or the server is unavailable. Expected conflicts are
 * return values.
 */
export class ZooKeeperSession {
  private readonly client: Client;
  private readonly probing: PeriodicTask;
  /** The ACL of nodes created in this session. */
  readonly rights: ACL[];
  private isEnded = false;
  private lastResponseAtMs = Date.now();

  constructor(
    connectString: string,
    private readonly sessionTimeoutMs: number,
    private readonly events: SessionEvents,
    protection?: NodeProtection,
  ) {
    this.client = createClient(connectString, { sessionTimeout: sessionTimeoutMs, spinDelay: 500 });
    this.rights = rightsOf(protection);
    if (protection !== undefined) this.client.addAuthInfo('digest', Buffer.from(protection.credentials));
    this.client.on('state', (state: State) => this.onState(state));
    this.probing = PeriodicTask.every(sessionTimeoutMs / 3, () => void this.probe());
    this.client.connect();
  }

  close(): void {
    this.end('closed');
    this.closeClient();
  }

  /** Creates the node and its parents if they are missing. */
  async ensurePath(path: string): Promise<void> {
    await this.call<string>((done) =>
      this.client.mkdirp(path, Buffer.alloc(0), this.rights, CreateMode.PERSISTENT, done),
    );
  }

  /** @returns false if it exists. */
  async create(path: string, data: Buffer): Promise<boolean> {
    return this.unless(Exception.NODE_EXISTS, (done) => this.client.create(path, data, this.rights, done));
  }

  async createEphemeral(path: string, data: Buffer): Promise<void> {
    await this.call<string>((done) => this.client.create(path, data, this.rights, CreateMode.EPHEMERAL, done));
  }

  async setData(path: string, data: Buffer): Promise<void> {
    await this.call<Stat>((done) => this.client.setData(path, data, done));
  }

  /**
   * Undefined if there is no such node; then `onChange` is not called. Pass the same function each time for the same
   * node: setting a watch again before it has fired then does not add a second one.
   */
  async getData(path: string, onChange?: () => void): Promise<NodeData | undefined> {
    const node = await this.readNode<Buffer | undefined>((done) => {
      if (onChange === undefined) this.client.getData(path, done);
      else this.client.getData(path, onChange, done);
    });
    return node && { data: node.result ?? Buffer.alloc(0), stat: node.stat };
  }

  /** As `getData`. */
  async getChildren(path: string, onChange?: () => void): Promise<string[] | undefined> {
    return (await this.getFamily(path, onChange))?.children;
  }

  /** As `getData`: the children, and the node's stat of the same moment. */
  async getFamily(path: string, onChange?: () => void): Promise<NodeFamily | undefined> {
    const node = await this.readNode<string[]>((done) => {
      if (onChange === undefined) this.client.getChildren(path, done);
      else this.client.getChildren(path, onChange, done);
    });
    return node && { children: node.result, stat: node.stat };
  }

  /** Restricts changes of the node to our credentials. @returns false if they already were, or there is no such node */
  async closeNode(path: string): Promise<boolean> {
    const acls = await this.absent<ACL[]>((done) => this.client.getACL(path, done));
    if (acls === NO_SUCH_NODE || !isOpen(acls)) return false;
    return (await this.absent<Stat>((done) => this.client.setACL(path, this.rights, done))) !== NO_SUCH_NODE;
  }

  /**
   * Commits a transaction atomically. A version that is given must be the node's current one, including 0.
   *
   * @returns false on a conflict: a node exists, does not exist or has another version, contrary to the transaction.
   */
  async commit(describe: (transaction: Transaction) => void): Promise<boolean> {
    const transaction = withExactVersions(this.client.transaction());
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

  private onState(state: State): void {
    this.lastResponseAtMs = Date.now();
    if (state === State.SYNC_CONNECTED) {
      // Each connection has a new socket.
      if (this.internals.socket instanceof Socket) coalesceWrites(this.internals.socket);
      this.events.onConnected();
    } else if (state === State.DISCONNECTED) {
      this.dropQueued();
      this.events.onDisconnected();
    } else if (state === State.EXPIRED) this.end('the session has expired');
    else if (state === State.AUTH_FAILED) this.end('authentication failed');
  }

  private async probe(): Promise<void> {
    try {
      await this.absent<Stat>((done) => this.client.exists('/', done));
      this.lastResponseAtMs = Date.now();
    } catch {
      if (Date.now() - this.lastResponseAtMs < this.sessionTimeoutMs) return;
      this.internals.socket?.destroy();
      this.closeClient();
      this.end(`no response for ${this.sessionTimeoutMs} ms`);
    }
  }

  /**
   * Discards requests that the library has queued but not sent: after a reconnect it would send them before
   * authenticating again, and they would be rejected. Their callers time out, like all calls pending when a connection
   * is lost. Also discards a partial response of the old connection, which would be read as the start of the new
   * connection's first one.
   */
  private dropQueued(): void {
    while (this.internals.packetQueue.shift() !== undefined);
    this.internals.pendingBuffer = null;
  }

  private closeClient(): void {
    // A client that is closed while it connects would parse the server's greeting as a response, and throw an error
    // that can't be caught. So it must not receive anything.
    if (this.client.getState() !== State.SYNC_CONNECTED) {
      this.internals.onSocketData = () => this.internals.socket?.destroy();
      this.internals.socket?.destroy();
    }
    try {
      this.client.close();
    } catch (error) {
      // Without a socket the library stops its attempts to connect, then throws a TypeError.
      if (!(error instanceof TypeError)) throw error;
    }
  }

  private get internals(): ClientInternals {
    return (this.client as unknown as { connectionManager: ClientInternals }).connectionManager;
  }

  private end(reason: string): void {
    if (this.isEnded) return;
    this.isEnded = true;
    void this.probing.stop();
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

  private async readNode<Result>(
    start: (done: (error: Error | Exception | null, result: Result, stat: Stat) => void) => void,
  ): Promise<{ result: Result; stat: Stat } | undefined> {
    let stat: Stat | undefined;
    const result = await this.absent<Result>((done) =>
      start((error, found, itsStat) => {
        stat = itsStat;
        done(error, found);
      }),
    );
    return result === NO_SUCH_NODE || stat === undefined ? undefined : { result, stat };
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
        reject(mapUnavailable('the ZooKeeper session has ended'));
        return;
      }
      // The library would queue the request and send it long after the caller has timed out.
      if (this.client.getState() !== State.SYNC_CONNECTED) {
        reject(mapUnavailable('disconnected from ZooKeeper'));
        return;
      }
      const timer = setTimeout(() => {
        reject(mapUnavailable(`no response from ZooKeeper within ${OPERATION_TIMEOUT_MS} ms`));
      }, OPERATION_TIMEOUT_MS);
      start((error, result) => {
        clearTimeout(timer);
        if (error === null || error === undefined) resolve(result);
        else reject(mapUnavailable(`ZooKeeper rejected the operation: ${error}`, error));
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

/** ZooKeeper's error code in an error of `call`. */
function codeOf(error: unknown): number | undefined {
  const { cause } = error as { cause?: { code?: unknown } };
  return typeof cause?.code === 'number' ? cause.code : undefined;
}
