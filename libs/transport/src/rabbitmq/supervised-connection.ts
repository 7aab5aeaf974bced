import { Backoff, type Log, pause, readTlsFiles, type TlsFiles } from '@dbem/runtime';
import { type ChannelModel, connect, credentials } from 'amqplib';
import type { BrokerHealth, BrokerServer } from '../broker.port';
import { brokerUnavailable } from './broker-unavailable';
import { close } from './close';
import { coalesceWrites } from './coalesce-writes';

export interface SupervisedConnectionOptions {
  /** amqp:// or amqps:// with user, password and vhost. */
  readonly url: string;
  /** For amqps:. Default: the system's certificate authorities, and no client certificate. */
  readonly tls?: TlsFiles | undefined;
  /** Authentication: the URL's user with its password (default), or with the client certificate. */
  readonly auth?: 'password' | 'certificate' | undefined;
  /** Shown in the broker's list of connections. */
  readonly connectionName: string;
  /** AMQP heartbeat, s. A connection without traffic is closed after about twice this. Default: 10. */
  readonly heartbeatS?: number;
  readonly log: Log;
}

const CONNECT_TIMEOUT_MS = 5_000;

/** Bytes buffered in the socket; beyond this, frames wait in the channels' buffers. */
const WRITE_BUFFER_BYTES = 256 * 1024;

/** How long to wait for the broker to confirm a close. */
const CLOSE_TIMEOUT_MS = 2_000;

/**
 * One connection to RabbitMQ, reconnected without limit.
 *
 *   idle -start-> connecting -> open -(closed by either side, heartbeat missed)-> connecting …
 *                     ^  |
 *                     +--+ failed: jittered backoff
 *   any -stop-> stopped
 */
export class SupervisedConnection {
  private model: ChannelModel | undefined;
  private readonly stopping = new AbortController();
  private readonly openListeners = new Set<() => void>();
  private running: Promise<void> | undefined;
  private opened = 0;
  private lastFault: string | undefined;
  private blockedReason: string | undefined;

  private readonly userName: string | undefined;

  constructor(private readonly options: SupervisedConnectionOptions) {
    this.userName = decodeURIComponent(new URL(options.url).username) || undefined;
  }

  start(): void {
    this.running ??= this.run();
  }

  /** Closes the connection. Its channels must be stopped before: what is in flight on them is lost. */
  async stop(): Promise<void> {
    this.stopping.abort();
    const { model, running } = this;
    if (model === undefined) await running;
    else await Promise.race([close(model).then(() => running), pause(CLOSE_TIMEOUT_MS)]);
  }

  /** The open connection; undefined while there is none. */
  get current(): ChannelModel | undefined {
    return this.model;
  }

  /** The open connection. @throws DbEventError BROKER_UNAVAILABLE without one, or while publishers are blocked. */
  get usable(): ChannelModel {
    if (this.model === undefined) throw brokerUnavailable(this.lastFault ?? 'not connected yet');
    if (this.blockedReason !== undefined) throw brokerUnavailable(`publishers are blocked: ${this.blockedReason}`);
    return this.model;
  }

  /**
   * Our broker user, set as `user_id` in every message; the broker rejects messages with another user's id. Undefined
   * if the URL has no user.
   */
  get user(): string | undefined {
    return this.userName;
  }

  /** Calls `listener` after each connect. */
  onOpen(listener: () => void): void {
    this.openListeners.add(listener);
  }

  removeListener(listener: () => void): void {
    this.openListeners.delete(listener);
  }

  health(): Omit<BrokerHealth, 'isConnected'> {
    return {
      reconnects: Math.max(this.opened - 1, 0),
      ...(this.blockedReason !== undefined && { blockedReason: this.blockedReason }),
      ...(this.lastFault !== undefined && { lastFault: this.lastFault }),
      ...(this.model !== undefined && { server: serverOf(this.model) }),
    };
  }

  private async run(): Promise<void> {
    const backoff = new Backoff({ initialMs: 100, maxMs: 5_000 });
    while (!this.stopping.signal.aborted) {
      try {
        const { closed } = await this.open();
        backoff.reset();
        this.options.log.info({}, 'connected to the broker');
        for (const listener of this.openListeners) listener();
        await closed;
      } catch (error) {
        this.lastFault = String(error);
        this.options.log.warn({ err: error }, 'could not connect to the broker');
      }
      if (!this.stopping.signal.aborted) await pause(backoff.next(), this.stopping.signal);
    }
  }

  /** Resolves when the connection is open. */
  private async open(): Promise<{ closed: Promise<void> }> {
    const { url, connectionName, heartbeatS = 10, tls, auth, log } = this.options;
    const socket = {
      ...(tls !== undefined && readTlsFiles(tls)),
      ...(auth === 'certificate' && { credentials: credentials.external() }),
      servername: new URL(url).hostname,
      timeout: CONNECT_TIMEOUT_MS,
      noDelay: true,
      writableHighWaterMark: WRITE_BUFFER_BYTES,
      clientProperties: { connection_name: connectionName },
    };
    const model = await connect(urlWithHeartbeat(url, heartbeatS), socket);
    this.blockedReason = undefined;
    model.on('error', (error: Error) => {
      this.lastFault = String(error);
    });
    model.on('blocked', (reason: string) => {
      this.blockedReason = reason;
      log.warn({ reason }, 'the broker blocked publishers');
    });
    model.on('unblocked', () => {
      this.blockedReason = undefined;
      log.info({}, 'the broker unblocked publishers');
    });
    const closed = new Promise<void>((resolve) => {
      model.on('close', () => {
        this.model = undefined;
        if (!this.stopping.signal.aborted) log.warn({ fault: this.lastFault }, 'lost the connection to the broker');
        resolve();
      });
    });
    await verifyOpen(model);
    coalesceWrites(model);
    if (this.stopping.signal.aborted) {
      await close(model);
      return { closed };
    }
    this.opened += 1;
    this.model = model;
    return { closed };
  }
}

/**
 * Rejects if the broker closed the connection right after opening it, as it does while it shuts down. amqplib emits
 * that close before a listener can be added.
 */
async function verifyOpen(model: ChannelModel): Promise<void> {
  void close(await model.createChannel());
}

function urlWithHeartbeat(url: string, heartbeatS: number): string {
  const parsed = new URL(url);
  parsed.searchParams.set('heartbeat', String(heartbeatS));
  return parsed.toString();
}

function serverOf({ connection }: ChannelModel): BrokerServer {
  const { product, version, cluster_name } = connection.serverProperties as Partial<Record<string, unknown>>;
  return {
    ...(typeof product === 'string' && { product }),
    ...(typeof version === 'string' && { version }),
    ...(typeof cluster_name === 'string' && { clusterName: cluster_name }),
  };
}
