import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { freePorts } from '../../../tools/servers/ports';

/** A TCP proxy between a client and a server that can simulate network faults. */
export class TcpProxy {
  private readonly sockets = new Set<Socket>();
  /** The sockets to the server. */
  private readonly upstream = new Set<Socket>();
  private readonly silenced = new WeakSet<Socket>();
  private isCut = false;
  private isSilent = false;
  private delayMs = 0;
  private refused = 0;
  private answered = 0;
  private alter: ((answer: Buffer) => Buffer) | undefined;
  private swallowed = 0;

  private constructor(
    private readonly server: Server,
    private readonly target: { readonly host: string; readonly port: number },
    readonly port: number,
  ) {}

  static async start(target: { host: string; port: number }): Promise<TcpProxy> {
    // A fixed port, so that `listen` can open the same port again after `close`.
    const [port] = (await freePorts(1)) as [number];
    const proxy = new TcpProxy(createServer(), target, port);
    proxy.server.on('connection', (socket) => proxy.join(socket));
    await proxy.listen();
    return proxy;
  }

  /** Number of connections that were refused since the last `cut`. */
  get refusedConnections(): number {
    return this.refused;
  }

  /** Bytes from the server that were forwarded since the start, the last `restore` or the last `listen`. */
  get answeredBytes(): number {
    return this.answered;
  }

  /** Bytes that were dropped since `silence` or `silencePresent`. */
  get swallowedBytes(): number {
    return this.swallowed;
  }

  /** The client ports that the server sees for the open connections. */
  get clientPorts(): number[] {
    return [...this.upstream].flatMap(({ localPort }) => localPort ?? []);
  }

  /** Drops all connections and closes new ones at once. Until `restore`. */
  cut(): void {
    this.refused = 0;
    this.isCut = true;
    this.dropConnections();
  }

  /** Drops all connections that are open now; new ones work. */
  dropConnections(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  /** Drops all connections and stops listening, like a server that is down. Until `listen`. */
  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.dropConnections();
    await closed;
  }

  async listen(): Promise<void> {
    this.answered = 0;
    this.server.listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
  }

  /** Keeps connections open but forwards nothing, like a network that drops all packets. Until `restore`. */
  silence(): void {
    this.swallowed = 0;
    this.isSilent = true;
  }

  /** As `silence`, but only for the connections that are open now; new connections work. */
  silencePresent(): void {
    this.swallowed = 0;
    for (const socket of this.sockets) this.silenced.add(socket);
  }

  /** Forwards everything `ms` later, in order, like a slow network. Until `restore`. */
  delay(ms: number): void {
    this.delayMs = ms;
  }

  /** Replaces each chunk from the server by the result of `alter`. Until `restore`. */
  alterAnswers(alter: (answer: Buffer) => Buffer): void {
    this.alter = alter;
  }

  /** Ends all faults except `close`; silenced connections are dropped. */
  restore(): void {
    this.isCut = false;
    this.answered = 0;
    this.delayMs = 0;
    this.alter = undefined;
    const silent = [...this.sockets].filter((socket) => this.swallows(socket));
    this.isSilent = false;
    for (const socket of silent) socket.destroy();
  }

  async stop(): Promise<void> {
    this.restore();
    await this.close();
  }

  private join(client: Socket): void {
    if (this.isCut) {
      this.refused += 1;
      client.destroy();
      return;
    }
    const server = connect(this.target);
    this.upstream.add(server);
    server.once('close', () => this.upstream.delete(server));
    this.pass(client, server);
    this.pass(server, client, (answer) => {
      this.answered += answer.length;
      return this.alter?.(answer) ?? answer;
    });
  }

  private pass(from: Socket, to: Socket, change = (data: Buffer) => data): void {
    let late = 0;
    let before = Promise.resolve();
    this.sockets.add(from);
    from.on('data', (data) => {
      if (this.swallows(from)) this.swallowed += data.length;
      else if (this.delayMs === 0 && late === 0) to.write(change(data));
      else {
        const dueAtMs = Date.now() + this.delayMs;
        late += 1;
        // Keeps the order, even if the delay has ended meanwhile.
        before = before.then(async () => {
          await new Promise((resolve) => setTimeout(resolve, dueAtMs - Date.now()));
          late -= 1;
          to.write(change(data));
        });
      }
    });
    from.on('error', () => from.destroy());
    from.on('close', () => {
      this.sockets.delete(from);
      // A dead network does not close the other end either.
      if (!this.swallows(from)) to.destroy();
    });
  }

  private swallows(from: Socket): boolean {
    return this.isSilent || this.silenced.has(from);
  }
}
