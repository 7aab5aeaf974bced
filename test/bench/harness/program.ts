import { type ChildProcess, fork } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FromProgram, ToProgram } from './program-messages';

const STOP_TIMEOUT_MS = 10_000;
const BENCH = fileURLToPath(new URL('..', import.meta.url));

export interface ProgramOptions {
  /** Below test/bench. */
  readonly file: string;
  readonly config: object;
  readonly logFile: string;
  readonly execArgv?: readonly string[];
}

/** A floor or a driver in a child process of its own, written with `runProgram`. */
export class Program {
  private readonly ready: Promise<void>;
  private readonly ended: Promise<void>;
  private isEnded = false;
  private isStopping = false;
  /** The result, once it has worked off what it was told. */
  readonly done: Promise<Record<string, number>>;
  /** Rejects if it ends without having been told to. */
  readonly failed: Promise<never>;

  private constructor(
    private readonly child: ChildProcess,
    private readonly options: ProgramOptions,
  ) {
    this.ended = new Promise((resolve) => child.once('exit', () => resolve()));
    this.failed = this.ended.then(() => {
      this.isEnded = true;
      return this.isStopping ? new Promise<never>(() => {}) : Promise.reject(this.ending());
    });
    this.failed.catch(() => {
      // Who runs the case listens; at the start nobody does yet.
    });
    this.ready = this.next('ready').then(() => {});
    this.done = this.next('done').then((message) => message.figures ?? {});
    // Nobody may be waiting for it: a floor that runs until it is stopped, say.
    this.done.catch(() => {});
  }

  /** Resolves when the program has set itself up and waits for `go`. */
  static async start(options: ProgramOptions): Promise<Program> {
    mkdirSync(dirname(options.logFile), { recursive: true });
    const log = openSync(options.logFile, 'a');
    const child = fork(`${BENCH}/${options.file}`, [], {
      execArgv: ['--import', 'tsx', ...(options.execArgv ?? [])],
      env: { ...process.env, BENCH_CONFIG: JSON.stringify(options.config) },
      stdio: ['ignore', log, log, 'ipc'],
    });
    closeSync(log);
    const program = new Program(child, options);
    await program.ready;
    return program;
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  go(): void {
    this.tell({ kind: 'go' });
  }

  /** Holds the program up, or lets it go on; for drivers that would outrun what they drive. */
  hold(isHeld: boolean): void {
    this.tell({ kind: 'hold', isHeld });
  }

  async stop(): Promise<void> {
    if (this.isEnded) return;
    this.isStopping = true;
    this.tell({ kind: 'stop' });
    const timer = setTimeout(() => this.child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    await this.ended;
    clearTimeout(timer);
  }

  private tell(message: ToProgram): void {
    this.child.send(message);
  }

  private next(kind: FromProgram['kind']): Promise<FromProgram> {
    return new Promise((resolve, reject) => {
      this.child.on('message', (message: FromProgram) => {
        if (message.kind === kind) resolve(message);
      });
      void this.ended.then(() => reject(this.ending()));
    });
  }

  private ending(): Error {
    const log = readFileSync(this.options.logFile, 'utf8').split('\n').slice(-25).join('\n');
    return new Error(`${this.options.file} has ended:\n${log}`);
  }
}
