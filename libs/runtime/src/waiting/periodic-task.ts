import { Backoff, type BackoffOptions, pause } from './backoff';

export interface PeriodicTaskOptions {
  /** Time from the end of a run to the begin of the next, ms; 0: at once. A function is called after each run. */
  readonly intervalMs: number | (() => number);
  /** Time from the start to the first run, ms. Default: 0. */
  readonly firstRunAfterMs?: number;
  /** Random part of the interval, 0 to 1, so that tasks that start together do not run together. Default: 0. */
  readonly jitter?: number;
  /** Delays after failed runs, which `wake` does not cut short. Default: the interval. */
  readonly backoff?: BackoffOptions;
  /**
   * Handles the error of a failed run; then the task goes on. An error that it throws ends the task. Default: rethrows.
   */
  readonly onError?: (error: unknown) => void;
  /** The task's timers do not keep the process alive. Default: false. */
  readonly isBackground?: boolean;
  /** Called after the last run if the task was ever started; `stop` waits for it. */
  readonly atEnd?: () => unknown;
}

/**
 * Repeats a task, one run at a time. An error that ends it (see `onError`) is an unhandled rejection, and so ends the
 * process.
 *
 *   idle -start-> running -> pausing -(interval, or wake)-> running …; any -stop-> finishes the current run -> stopped
 */
export class PeriodicTask {
  private readonly stopping = new AbortController();
  private readonly backoff: Backoff | undefined;
  private repeating: Promise<void> | undefined;
  private isWoken = false;
  private endPause: (() => void) | undefined;

  /** @param run its signal aborts on `stop`, which waits for the run. */
  constructor(
    private readonly run: (stopping: AbortSignal) => unknown,
    private readonly options: PeriodicTaskOptions,
  ) {
    this.backoff = options.backoff && new Backoff(options.backoff);
  }

  /** Like an unreferenced `setInterval`: starts a background task whose first run is after the interval. */
  static every(intervalMs: number, run: () => unknown): PeriodicTask {
    const task = new PeriodicTask(run, { intervalMs, firstRunAfterMs: intervalMs, isBackground: true });
    void task.start();
    return task;
  }

  get isStopped(): boolean {
    return this.stopping.signal.aborted;
  }

  /** Does not wait for the first run. */
  async start(): Promise<void> {
    if (!this.isStopped) this.repeating ??= this.repeat();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    this.endPause?.();
    await this.repeating;
  }

  /** Runs at once, or once more after the current run. */
  wake(): void {
    this.isWoken = true;
    this.endPause?.();
  }

  private async repeat(): Promise<void> {
    const { intervalMs, firstRunAfterMs = 0 } = this.options;
    if (firstRunAfterMs > 0) await this.pause(this.jittered(firstRunAfterMs));
    while (!this.isStopped) {
      this.isWoken = false;
      const hasFailed = !(await this.succeeds());
      if (hasFailed && this.backoff !== undefined) await pause(this.backoff.next(), this.stopping.signal);
      else await this.pause(this.jittered(typeof intervalMs === 'number' ? intervalMs : intervalMs()));
    }
    await this.options.atEnd?.();
  }

  private async succeeds(): Promise<boolean> {
    try {
      await this.run(this.stopping.signal);
      this.backoff?.reset();
      return true;
    } catch (error) {
      if (this.options.onError === undefined) throw error;
      this.options.onError(error);
      return false;
    }
  }

  private jittered(ms: number): number {
    return ms * (1 - (this.options.jitter ?? 0) * Math.random());
  }

  /** Without an AbortController: a busy task would create thousands, each with an error and its stack. */
  private pause(ms: number): Promise<void> {
    if (ms <= 0 || this.isWoken || this.isStopped) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.endPause?.(), ms);
      if (this.options.isBackground) timer.unref();
      this.endPause = () => {
        this.endPause = undefined;
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
