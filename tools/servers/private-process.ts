import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { closeSync, fstatSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';

export interface PrivateProcessOptions {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** The output of all starts is appended to it. */
  readonly logFile: string;
  /** The signal of `stop`. Default: SIGTERM. */
  readonly stopSignal?: NodeJS.Signals;
  /** User and group of the process. */
  readonly uid?: number;
  readonly gid?: number;
}

const STOP_TIMEOUT_MS = 15_000;
const GONE_TIMEOUT_MS = 10_000;
const GONE_CHECK_INTERVAL_MS = 5;
const running = new Set<PrivateProcess>();

process.on('exit', () => {
  for (const process of running) process.signal('SIGKILL');
});

/**
 * A child process with all its descendants: a process group of its own, killed at the latest when this process exits.
 */
export class PrivateProcess {
  private child: ChildProcess | undefined;
  private ended: Promise<void> = Promise.resolve();
  /** Size of the log at the last start, bytes. */
  private logStart = 0;
  /** Exit code of the last run; null if a signal ended it. */
  exitCode: number | null = null;
  /** Signal that ended the last run; null if it ended by itself. */
  exitSignal: NodeJS.Signals | null = null;

  constructor(private readonly options: PrivateProcessOptions) {}

  get pid(): number | undefined {
    return this.child?.pid;
  }

  get isRunning(): boolean {
    return this.child !== undefined;
  }

  start(): void {
    const { command, args, env, cwd, logFile, uid, gid } = this.options;
    mkdirSync(dirname(logFile), { recursive: true });
    const log = openSync(logFile, 'a');
    this.logStart = fstatSync(log).size;
    const spawnOptions: SpawnOptions = {
      cwd,
      env: env ?? process.env,
      detached: true,
      stdio: ['ignore', log, log],
      ...(uid !== undefined && { uid }),
      ...(gid !== undefined && { gid }),
    };
    const child = spawn(command, [...args], spawnOptions);
    closeSync(log);
    this.child = child;
    running.add(this);
    this.ended = new Promise((resolve) => {
      const finish = (exitCode: unknown, signal: NodeJS.Signals | null = null) => {
        this.exitCode = typeof exitCode === 'number' ? exitCode : null;
        this.exitSignal = signal;
        this.signal('SIGKILL');
        this.child = undefined;
        running.delete(this);
        void untilGroupIsGone(child.pid).then(resolve);
      };
      child.once('exit', finish);
      child.once('error', finish);
    });
  }

  /** Sends the stop signal, and SIGKILL after 15 s. Resolves when the process and its descendants have ended. */
  async stop(): Promise<void> {
    if (this.child === undefined) return;
    this.child.kill(this.options.stopSignal ?? 'SIGTERM');
    const timer = setTimeout(() => this.signal('SIGKILL'), STOP_TIMEOUT_MS);
    await this.ended;
    clearTimeout(timer);
  }

  /** Sends SIGKILL to the whole group. Resolves when the process and its descendants have ended. */
  async kill(): Promise<void> {
    this.signal('SIGKILL');
    await this.ended;
  }

  signal(signal: NodeJS.Signals): void {
    const pid = this.child?.pid;
    if (pid === undefined) return;
    try {
      process.kill(-pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }

  /** Resolves when `probe` resolves; rejects with the end of the log if the process ends or after `timeoutMs`. */
  async waitUntilReady(probe: () => Promise<unknown>, timeoutMs: number): Promise<void> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      try {
        await probe();
        return;
      } catch (error) {
        if (!this.isRunning) throw new Error(`${this.options.name} exited during start-up:\n${this.logTail()}`);
        if (Date.now() > deadline) {
          throw new Error(`${this.options.name} was not ready within ${timeoutMs} ms (${error}):\n${this.logTail()}`);
        }
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
  }

  /** The output of all starts. */
  get log(): string {
    return readFileSync(this.options.logFile, 'utf8');
  }

  /** The output since the last start. */
  get newLog(): string {
    return readFileSync(this.options.logFile).subarray(this.logStart).toString('utf8');
  }

  private logTail(): string {
    return this.log.split('\n').slice(-25).join('\n');
  }
}

/** Resolves when no process of the group is left, so that none writes to its folder; after 10 s in any case. */
async function untilGroupIsGone(group: number | undefined): Promise<void> {
  if (group === undefined) return;
  const deadline = Date.now() + GONE_TIMEOUT_MS;
  while (Date.now() < deadline) {
    try {
      process.kill(-group, 0);
    } catch {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, GONE_CHECK_INTERVAL_MS));
  }
}
