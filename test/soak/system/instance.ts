import { type AppName, AppProcess } from '../../../tools/apps/app-process';
import type { TcpProxy } from '../../support/network/tcp-proxy';
import type { ServerName } from './instances';

export interface InstanceOptions {
  readonly name: string;
  readonly app: AppName;
  readonly env: Readonly<Record<string, string>>;
  readonly logFolder: string;
  /** What stands between it and its servers. */
  readonly links: ReadonlyMap<ServerName, TcpProxy>;
}

/**
 * One instance of an app, through all its processes.
 *
 *   down -start-> up -kill-> down; up -(ends by itself)-> dead, which is a finding: see `hasDied`
 */
export class Instance {
  private process: AppProcess | undefined;
  private isWanted = false;

  constructor(private readonly options: InstanceOptions) {}

  get name(): string {
    return this.options.name;
  }

  get links(): ReadonlyMap<ServerName, TcpProxy> {
    return this.options.links;
  }

  /** Nobody has ended its process, and yet it is gone. */
  get hasDied(): boolean {
    return this.isWanted && this.process !== undefined && !this.process.isRunning;
  }

  get isRunning(): boolean {
    return this.process?.isRunning ?? false;
  }

  get pid(): number | undefined {
    return this.isRunning ? this.process?.pid : undefined;
  }

  get url(): string {
    return this.process?.url ?? '';
  }

  /** The last lines of its log. */
  get lastWords(): string {
    return this.process?.log.split('\n').slice(-40).join('\n') ?? '';
  }

  async start(environment: Readonly<Record<string, string>> = {}): Promise<void> {
    const { app, env, logFolder } = this.options;
    this.isWanted = environment['CRASH_AT'] === undefined;
    this.process = await AppProcess.start({ app, env: { ...env, ...environment }, logFolder });
  }

  async kill(): Promise<void> {
    this.isWanted = false;
    await this.process?.kill();
  }

  async stop(): Promise<void> {
    this.isWanted = false;
    // A paused process can't end in good order.
    this.process?.resume();
    await this.process?.stop();
  }

  pause(): void {
    this.process?.pause();
  }

  resume(): void {
    this.process?.resume();
  }

  /** It says that it can do its work. */
  async isReady(): Promise<boolean> {
    if (!this.isRunning) return false;
    return fetch(`${this.url}/health/ready`, { signal: AbortSignal.timeout(5_000) }).then(
      ({ ok }) => ok,
      () => false,
    );
  }

  waitUntilReady(): Promise<void> {
    return this.process?.waitUntilReady() ?? Promise.reject(new Error(`${this.name} was never started`));
  }
}
