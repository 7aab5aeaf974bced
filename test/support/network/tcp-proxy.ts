import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { freePorts } from '../../../tools/servers/ports';

/** Stands between a client and a server, so that a test can cut the network between them. */
export class TcpProxy {
  private readonly sockets = new Set<Socket>();
  /** Those to the server. */
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
    // Not one of the system's choice: see `close`.
    const [port] = (await freePorts(1)) as [number];
    const proxy = new TcpProxy(createServer(), target, port);
    proxy.server.on('connection', (socket) => proxy.join(socket));
    await proxy.listen();
    return proxy;
  }

  /** Connections that were refused since the last `cut`. */
  get refusedConnections(): number {
    return this.refused;
  }

  /** Bytes of the server's answers that were passed on since the start or the last `restore`. */
  get answeredBytes(): number {
    return this.answered;
  }

  /** Bytes that were sent into the silence since it began. */
  get swallowedBytes(): number {
    return this.swallowed;
  }

  /** The ports by which the server knows the connections that are open now. */
  get clientPorts(): number[] {
    return [...this.upstream].flatMap(({ localPort }) => localPort ?? []);
  }

  /** Drops all connections and ends new ones at once, as a network does that refuses to carry them. */
  cut(): void {
    this.refused = 0;
    this.isCut = true;
    for (const socket of this.sockets) socket.destroy();
  }

  /** Drops all connections and listens no more, as a server that does not run. Until `listen`. */
  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  async listen(): Promise<void> {
    this.answered = 0;
    this.server.listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
  }

  /** Keeps connections open but passes nothing on, as a dead network does. */
  silence(): void {
    this.swallowed = 0;
    this.isSilent = true;
  }

  /** Does so with the connections that are open now, for good; new ones are served. */
  silencePresent(): void {
    this.swallowed = 0;
    for (const socket of this.sockets) this.silenced.add(socket);
  }

  /** Passes everything on so much later, in its order, as a slow or far server answers. Until `restore`. */
  delay(ms: number): void {
    this.delayMs = ms;
  }

  /** Hands on what `alter` makes of each part of the server's answers. Until `restore`. */
  alterAnswers(alter: (answer: Buffer) => Buffer): void {
    this.alter = alter;
  }

  /** Ends all of the above; connections that were silenced are dropped. */
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
        // What comes later goes later, also when the delay has ended meanwhile.
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
      // Nor does a dead network tell the one end that the other is gone.
      if (!this.swallows(from)) to.destroy();
    });
  }

  private swallows(from: Socket): boolean {
    return this.isSilent || this.silenced.has(from);
  }
}
