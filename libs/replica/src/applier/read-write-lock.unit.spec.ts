import { describe, expect, it } from 'vitest';
import { ReadWriteLock } from './read-write-lock';

describe('ReadWriteLock', () => {
  function recorder() {
    const lock = new ReadWriteLock();
    const events: string[] = [];
    const ends = new Map<string, () => void>();
    const run = (name: string, isExclusive: boolean) =>
      lock.run(isExclusive, async () => {
        events.push(`${name} begins`);
        await new Promise<void>((resolve) => ends.set(name, resolve));
        events.push(`${name} ends`);
      });
    const nextTick = () => new Promise((resolve) => setImmediate(resolve));
    return { run, events, end: (name: string) => ends.get(name)?.(), nextTick };
  }

  it('The read-write lock runs shared work concurrently', async () => {
    const { run, events, end, nextTick } = recorder();
    const both = [run('one', false), run('two', false)];
    await nextTick();
    expect(events).toEqual(['one begins', 'two begins']);
    end('two');
    end('one');
    await Promise.all(both);
  });

  it('The read-write lock runs exclusive work after all earlier work, and before all later work', async () => {
    const { run, events, end, nextTick } = recorder();
    const all = [run('one', false), run('two', false), run('exclusive', true), run('later', false)];
    await nextTick();
    end('two');
    await nextTick();
    expect(events).toEqual(['one begins', 'two begins', 'two ends']);
    end('one');
    await nextTick();
    expect(events.slice(3)).toEqual(['one ends', 'exclusive begins']);
    end('exclusive');
    await nextTick();
    expect(events.slice(5)).toEqual(['exclusive ends', 'later begins']);
    end('later');
    await Promise.all(all);
  });

  it('The read-write lock rejects with the error of failed work, and runs later work', async () => {
    const lock = new ReadWriteLock();
    const failed = lock.run(true, async () => {
      throw new Error('no');
    });
    let isDone = false;
    const next = lock.run(true, async () => {
      isDone = true;
    });
    await expect(failed).rejects.toThrow('no');
    await next;
    expect(isDone).toBe(true);
  });
});
