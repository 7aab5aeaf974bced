import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PeriodicTask, type PeriodicTaskOptions } from './periodic-task';

describe('PeriodicTask', () => {
  let tasks: PeriodicTask[];
  let runs: number[];
  beforeEach(() => {
    vi.useFakeTimers({ now: 0 });
    tasks = [];
    runs = [];
  });
  afterEach(async () => {
    const stopped = Promise.all(tasks.map((task) => task.stop()));
    await vi.advanceTimersByTimeAsync(1_000);
    await stopped;
    // In this order: restoring a spy on a fake timer after `useRealTimers` would bring the fake timer back.
    vi.restoreAllMocks();
    vi.useRealTimers();
  });

  function taskOf(options: PeriodicTaskOptions, run: (stopping: AbortSignal) => unknown = () => {}): PeriodicTask {
    const task = new PeriodicTask((stopping) => {
      runs.push(Date.now());
      return run(stopping);
    }, options);
    tasks.push(task);
    return task;
  }

  async function started(
    options: PeriodicTaskOptions,
    run?: (stopping: AbortSignal) => unknown,
  ): Promise<PeriodicTask> {
    const task = taskOf(options, run);
    await task.start();
    return task;
  }

  it('A task runs at its start, and again after each interval', async () => {
    await started({ intervalMs: 100 });
    expect(runs).toEqual([0]);
    await vi.advanceTimersByTimeAsync(250);
    expect(runs).toEqual([0, 100, 200]);
  });

  it('A task’s interval begins when its run has ended', async () => {
    await started({ intervalMs: 100 }, () => new Promise((resolve) => setTimeout(resolve, 70)));
    await vi.advanceTimersByTimeAsync(340);
    expect(runs).toEqual([0, 170, 340]);
  });

  it('A task’s first run comes after firstRunAfterMs', async () => {
    await started({ intervalMs: 100, firstRunAfterMs: 30 });
    await vi.advanceTimersByTimeAsync(130);
    expect(runs).toEqual([30, 130]);
  });

  it('PeriodicTask.every starts a task whose first run comes after its interval', async () => {
    const task = PeriodicTask.every(100, () => runs.push(Date.now()));
    tasks.push(task);
    await vi.advanceTimersByTimeAsync(250);
    expect(runs).toEqual([100, 200]);
    expect(task.isStopped).toBe(false);
    await task.stop();
    expect(task.isStopped).toBe(true);
  });

  it('A task’s interval function is called after each run', async () => {
    const intervals = [10, 0, 20, 1_000];
    await started({ intervalMs: () => intervals.shift() ?? 0 });
    await vi.advanceTimersByTimeAsync(100);
    expect(runs).toEqual([0, 10, 10, 30]);
  });

  it.each([
    [0, [100, 200]],
    [0.5, [80, 160]],
    [1, [60, 120]],
  ])('A task’s jitter randomly shortens the interval and the time to its first run: %s', async (random, expected) => {
    vi.spyOn(Math, 'random').mockReturnValue(random);
    await started({ intervalMs: 100, firstRunAfterMs: 100, jitter: 0.4 });
    await vi.advanceTimersByTimeAsync(expected[1] as number);
    expect(runs).toEqual(expected);
  });

  it('A wake-up ends the pause and restarts the interval', async () => {
    const task = await started({ intervalMs: 100 });
    await vi.advanceTimersByTimeAsync(40);
    task.wake();
    await vi.advanceTimersByTimeAsync(110);
    expect(runs).toEqual([0, 40, 140]);
  });

  it('A wake-up before the first run brings it forward', async () => {
    const task = await started({ intervalMs: 100, firstRunAfterMs: 1_000 });
    task.wake();
    await vi.advanceTimersByTimeAsync(0);
    expect(runs).toEqual([0]);
  });

  it('A wake-up during a run leads to one more run, however often it is called', async () => {
    const task = await started({ intervalMs: 100 }, () => new Promise((resolve) => setTimeout(resolve, 50)));
    await vi.advanceTimersByTimeAsync(10);
    task.wake();
    task.wake();
    await vi.advanceTimersByTimeAsync(190);
    expect(runs).toEqual([0, 50, 200]);
  });

  it('A wake-up before the start does not cause a second run', async () => {
    const task = taskOf({ intervalMs: 100 });
    task.wake();
    await task.start();
    await vi.advanceTimersByTimeAsync(99);
    expect(runs).toEqual([0]);
  });

  it('A failure is passed to onError, and the next run comes after the interval', async () => {
    const errors: unknown[] = [];
    const failures = [new Error('rejects'), new Error('throws')];
    await started({ intervalMs: 100, onError: (error) => errors.push(error) }, () => {
      if (runs.length === 1) return Promise.reject(failures[0]);
      if (runs.length === 2) throw failures[1];
      return undefined;
    });
    await vi.advanceTimersByTimeAsync(250);
    expect(runs).toEqual([0, 100, 200]);
    expect(errors).toEqual(failures);
  });

  it('Failures in a row are followed by growing delays, which a success resets', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(1);
    const fails = [true, true, true, false, true];
    await started({ intervalMs: 1_000, backoff: { initialMs: 10, maxMs: 25 }, onError: () => {} }, () => {
      if (fails.shift()) throw new Error('again');
    });
    await vi.advanceTimersByTimeAsync(1_065);
    expect(runs).toEqual([0, 10, 30, 55, 1_055, 1_065]);
  });

  it('A wake-up does not cut short the delay after a failure', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(1);
    const task = await started({ intervalMs: 1_000, backoff: { initialMs: 50 }, onError: () => {} }, () => {
      if (runs.length > 1) return;
      task.wake();
      throw new Error('once');
    });
    await vi.advanceTimersByTimeAsync(20);
    task.wake();
    await vi.advanceTimersByTimeAsync(40);
    expect(runs).toEqual([0, 50]);
  });

  it('A stop cuts short the delay after a failure', async () => {
    const task = await started({ intervalMs: 1, backoff: { initialMs: 3_600_000 }, onError: () => {} }, () => {
      throw new Error('always');
    });
    await vi.advanceTimersByTimeAsync(10);
    await task.stop();
    expect(vi.getTimerCount()).toBe(0);
    expect(runs).toEqual([0]);
  });

  it.each<[string, Pick<PeriodicTaskOptions, 'onError'>]>([
    ['without onError', {}],
    [
      'that onError rethrows',
      {
        onError: (error) => {
          throw error;
        },
      },
    ],
  ])('A failure %s rejects the task’s stop', async (_what, options) => {
    const fatal = new Error('fatal');
    const task = await started({ intervalMs: 10, ...options }, () => Promise.reject(fatal));
    await expect(task.stop()).rejects.toBe(fatal);
    tasks = [];
  });

  it('A stop ends the pause at once and leaves no timer', async () => {
    const task = await started({ intervalMs: 3_600_000 });
    await vi.advanceTimersByTimeAsync(1);
    await task.stop();
    expect(vi.getTimerCount()).toBe(0);
    expect(runs).toEqual([0]);
  });

  it('A stop aborts the signal of the current run, waits for it, and no wake-up starts another run', async () => {
    let finish = () => {};
    let isOver = false;
    const signals: AbortSignal[] = [];
    const task = await started({ intervalMs: 1 }, (stopping) => {
      signals.push(stopping);
      return new Promise<void>((resolve) => {
        finish = resolve;
      });
    });
    const stopped = task.stop().then(() => {
      isOver = true;
    });
    task.wake();
    await vi.advanceTimersByTimeAsync(10);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
    expect(isOver).toBe(false);
    finish();
    await stopped;
    await vi.advanceTimersByTimeAsync(10);
    expect(runs).toEqual([0]);
  });

  it('A task’s atEnd is called once, after the last run, and not at all if the task was never started', async () => {
    const done: string[] = [];
    const options: PeriodicTaskOptions = { intervalMs: 10, atEnd: () => done.push('end') };
    const task = await started(options, async (stopping) => {
      await new Promise<void>((resolve) => stopping.addEventListener('abort', () => resolve()));
      done.push('run');
    });
    await Promise.all([task.stop(), task.stop()]);
    expect(done).toEqual(['run', 'end']);
    await taskOf(options).stop();
    expect(done).toEqual(['run', 'end']);
  });

  it('A task keeps the process alive while it pauses, unless it is a background task', async () => {
    const unref = vi.fn();
    const timer = vi
      .spyOn(globalThis, 'setTimeout')
      .mockReturnValue({ unref } as Partial<NodeJS.Timeout> as NodeJS.Timeout);
    await started({ intervalMs: 100 });
    await Promise.resolve();
    expect(timer).toHaveBeenCalledTimes(1);
    expect(unref).not.toHaveBeenCalled();
    tasks.push(PeriodicTask.every(100, () => {}));
    expect(unref).toHaveBeenCalledTimes(1);
    timer.mockRestore();
  });

  it('A task that was stopped does not start, and a running task does not start twice', async () => {
    const stopped = taskOf({ intervalMs: 10 });
    await stopped.stop();
    await stopped.start();
    expect(runs).toEqual([]);
    const task = await started({ intervalMs: 10 });
    await task.start();
    await vi.advanceTimersByTimeAsync(15);
    expect(runs).toEqual([0, 10]);
    await task.stop();
    await task.stop();
  });
});
