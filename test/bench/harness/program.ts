import { type ChildProcess, fork } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FromProgram, ToProgram } from './program-messages';

const STOP_TIMEOUT_MS = 10_000;
const BENCH = fileURLToPath(new URL('..', import.meta.url));

export interface ProgramOptions {
  /** Path below test/bench. */
  readonly file: string;
  readonly config: object;
  readonly logFile: string;
  readonly execArgv?: readonly string[];
}

/** A floor or a driver in a child process, written with `runProgram`. */
export class Program {
  private readonly ready: Promise<void>;
  private readonly ended: Promise<void>;
  private isEnded = false;
  private isStopping = false;
  /** Resolves with the figures when its work is done. */
  readonly done: Promise<Record<string, number>>;
  /** Rejects if the process ends without `stop`. */
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
      // The world handles it; at the start it has no listener yet.
    });
    this.ready = this.next('ready').then(() => {});
    this.done = this.next('done').then((message) => message.figures ?? {});
    // It may have no listener, for example if a floor runs until it is stopped.
    this.done.catch(() => {});
  }

  /** Resolves when the program is set up and waits for `go`. */
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
    this.send({ kind: 'go' });
  }

  /** Pauses or resumes the program; for drivers that are faster than the measured path. */
  setPaused(isPaused: boolean): void {
    this.send({ kind: 'setPaused', isPaused });
  }

  async stop(): Promise<void> {
    if (this.isEnded) return;
    this.isStopping = true;
    this.send({ kind: 'stop' });
    const timer = setTimeout(() => this.child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    await this.ended;
    clearTimeout(timer);
  }

  private send(message: ToProgram): void {
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
    return new Error(`${this.options.file} exited:\n${log}`);
  }
}
