import { type AppName, AppProcess } from '../../../tools/apps/app-process';
import type { TcpProxy } from '../../support/network/tcp-proxy';
import type { ServerName } from './instances';

export interface InstanceOptions {
  readonly name: string;
  readonly app: AppName;
  readonly env: Readonly<Record<string, string>>;
  readonly logFolder: string;
  /** The proxies to its servers. */
  readonly links: ReadonlyMap<ServerName, TcpProxy>;
}

/**
 * One instance of an app, over all its processes.
 *
 *   down -start-> up -kill-> down; up -(unexpected exit)-> exited, which is a finding: see `hasExitedUnexpectedly`
 */
export class Instance {
  private process: AppProcess | undefined;
  private isExpectedToRun = false;

  constructor(private readonly options: InstanceOptions) {}

  get name(): string {
    return this.options.name;
  }

  get links(): ReadonlyMap<ServerName, TcpProxy> {
    return this.options.links;
  }

  /** Its process has ended although nothing stopped it. */
  get hasExitedUnexpectedly(): boolean {
    return this.isExpectedToRun && this.process !== undefined && !this.process.isRunning;
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

  /** The last 40 lines of its log. */
  get lastLogLines(): string {
    return this.process?.log.split('\n').slice(-40).join('\n') ?? '';
  }

  async start(environment: Readonly<Record<string, string>> = {}): Promise<void> {
    const { app, env, logFolder } = this.options;
    this.isExpectedToRun = environment['CRASH_AT'] === undefined;
    this.process = await AppProcess.start({ app, env: { ...env, ...environment }, logFolder });
  }

  async kill(): Promise<void> {
    this.isExpectedToRun = false;
    await this.process?.kill();
  }

  async stop(): Promise<void> {
    this.isExpectedToRun = false;
    // A paused process can't shut down gracefully.
    this.process?.resume();
    await this.process?.stop();
  }

  pause(): void {
    this.process?.pause();
  }

  resume(): void {
    this.process?.resume();
  }

  /** True if it reports that it is ready. */
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
