import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { closeSync, fstatSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';

export interface PrivateProcessOptions {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Takes the output, of this and of later starts. */
  readonly logFile: string;
  /** What asks the process to end. Default: SIGTERM. */
  readonly stopSignal?: NodeJS.Signals;
  /** The user and group that it runs as. */
  readonly uid?: number;
  readonly gid?: number;
}

const STOP_TIMEOUT_MS = 15_000;
const running = new Set<PrivateProcess>();

process.on('exit', () => {
  for (const process of running) process.signal('SIGKILL');
});

/** A child process of ours, with all that it starts: a process group of its own, which ends at the latest with us. */
export class PrivateProcess {
  private child: ChildProcess | undefined;
  private ended: Promise<void> = Promise.resolve();
  /** Bytes of the log that are of earlier starts. */
  private logStart = 0;
  /** Of the last run; null if a signal ended it. */
  exitCode: number | null = null;
  /** The signal that ended the last run; null if it ended by itself. */
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
        resolve();
      };
      child.once('exit', finish);
      child.once('error', finish);
    });
  }

  /** Asks it to end, and after 15 s makes it. Resolves when it is gone. */
  async stop(): Promise<void> {
    if (this.child === undefined) return;
    this.child.kill(this.options.stopSignal ?? 'SIGTERM');
    const timer = setTimeout(() => this.signal('SIGKILL'), STOP_TIMEOUT_MS);
    await this.ended;
    clearTimeout(timer);
  }

  /** SIGKILL to the whole group. Resolves when it is gone. */
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

  /** Resolves when `probe` no longer rejects; rejects with the end of the log if the process ends or time is up. */
  async waitUntilReady(probe: () => Promise<unknown>, timeoutMs: number): Promise<void> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      try {
        await probe();
        return;
      } catch (error) {
        if (!this.isRunning) throw new Error(`${this.options.name} ended at its start:\n${this.logTail()}`);
        if (Date.now() > deadline) {
          throw new Error(`${this.options.name} was not ready within ${timeoutMs} ms (${error}):\n${this.logTail()}`);
        }
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
  }

  /** All that was written so far. */
  get log(): string {
    return readFileSync(this.options.logFile, 'utf8');
  }

  /** What was written since the last start. */
  get newLog(): string {
    return readFileSync(this.options.logFile).subarray(this.logStart).toString('utf8');
  }

  private logTail(): string {
    return this.log.split('\n').slice(-25).join('\n');
  }
}
