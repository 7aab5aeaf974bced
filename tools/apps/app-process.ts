import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePorts } from '../servers/ports';
import { PrivateProcess } from '../servers/private-process';

export type AppName = 'event-manager' | 'profile' | 'sharing' | 'registry';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const READY_TIMEOUT_MS = 60_000;

export interface AppProcessOptions {
  readonly app: AppName;
  /** In addition to PATH and HOME. */
  readonly env: Readonly<Record<string, string>>;
  readonly logFolder: string;
  /** Default: a free port. */
  readonly port?: number;
  /** Node's own arguments. */
  readonly nodeArguments?: readonly string[];
}

/** One instance of a built app, as a child process. */
export class AppProcess {
  private constructor(
    private readonly process: PrivateProcess,
    readonly app: AppName,
    readonly port: number,
  ) {}

  /** Starts the process; see `waitUntilReady`. */
  static async start({ app, env, logFolder, port, nodeArguments = [] }: AppProcessOptions): Promise<AppProcess> {
    const [freePort] = (await freePorts(1)) as [number];
    const ownPort = port ?? freePort;
    const process_ = new PrivateProcess({
      name: app,
      command: process.execPath,
      args: [...nodeArguments, join(ROOT, 'dist', 'apps', app, 'main.js')],
      env: { PATH: process.env.PATH, HOME: process.env.HOME, SERVICE_PORT: String(ownPort), ...env },
      logFile: join(logFolder, `${app}-${ownPort}.log`),
    });
    process_.start();
    return new AppProcess(process_, app, ownPort);
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Set after the process has ended; null if a signal ended it. */
  get exitCode(): number | null {
    return this.process.exitCode;
  }

  /** Set after the process has ended; null if it ended by itself. */
  get exitSignal(): NodeJS.Signals | null {
    return this.process.exitSignal;
  }

  get isRunning(): boolean {
    return this.process.isRunning;
  }

  /** The log of this instance only; the file may also contain an earlier instance's with the same port. */
  get log(): string {
    return this.process.newLog;
  }

  get pid(): number {
    return this.process.pid ?? 0;
  }

  /** Resolves when the app reports ready. */
  async waitUntilReady(): Promise<void> {
    await this.process.waitUntilReady(async () => {
      const response = await fetch(`${this.url}/health/ready`);
      if (!response.ok) throw new Error(`not ready: ${await response.text()}`);
    }, READY_TIMEOUT_MS);
  }

  /** Suspends the process until `resume`, like a machine that hangs. */
  pause(): void {
    this.process.signal('SIGSTOP');
  }

  resume(): void {
    this.process.signal('SIGCONT');
  }

  async stop(): Promise<void> {
    await this.process.stop();
  }

  async kill(): Promise<void> {
    await this.process.kill();
  }
}
