import { connect, createServer, type Server, type Socket } from 'node:net';

/** Stands between a client and a server, so that a test can cut the network between them. */
export class TcpProxy {
  private readonly sockets = new Set<Socket>();
  private readonly silenced = new WeakSet<Socket>();
  private isCut = false;
  private isSilent = false;
  private delayMs = 0;
  private alter: ((answer: Buffer) => Buffer) | undefined;
  private swallowed = 0;

  private constructor(
    private readonly server: Server,
    private readonly target: { readonly host: string; readonly port: number },
  ) {}

  static async start(target: { host: string; port: number }): Promise<TcpProxy> {
    const server = createServer();
    const proxy = new TcpProxy(server, target);
    server.on('connection', (socket) => proxy.join(socket));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get port(): number {
    return (this.server.address() as { port: number }).port;
  }

  /** Bytes that were sent into the silence since it began. */
  get swallowedBytes(): number {
    return this.swallowed;
  }

  /** Drops all connections and refuses new ones. */
  cut(): void {
    this.isCut = true;
    for (const socket of this.sockets) socket.destroy();
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

  restore(): void {
    this.isCut = false;
    this.delayMs = 0;
    this.alter = undefined;
    if (this.isSilent) {
      this.isSilent = false;
      for (const socket of this.sockets) socket.destroy();
    }
  }

  async stop(): Promise<void> {
    this.isSilent = false;
    this.cut();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private join(client: Socket): void {
    if (this.isCut) {
      client.destroy();
      return;
    }
    const server = connect(this.target);
    this.pass(client, server);
    this.pass(server, client, (answer) => this.alter?.(answer) ?? answer);
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
          to.write(data);
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
