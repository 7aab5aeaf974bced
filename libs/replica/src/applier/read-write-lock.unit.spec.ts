import { describe, expect, it } from 'vitest';
import { ReadWriteLock } from './read-write-lock';

describe('ReadWriteLock', () => {
  function recorder() {
    const turns = new ReadWriteLock();
    const events: string[] = [];
    const ends = new Map<string, () => void>();
    const take = (name: string, isOrdered: boolean) =>
      turns.take(isOrdered, async () => {
        events.push(`${name} begins`);
        await new Promise<void>((resolve) => ends.set(name, resolve));
        events.push(`${name} ends`);
      });
    const settled = () => new Promise((resolve) => setImmediate(resolve));
    return { take, events, end: (name: string) => ends.get(name)?.(), settled };
  }

  it('The read-write lock runs unordered work concurrently', async () => {
    const { take, events, end, settled } = recorder();
    const both = [take('one', false), take('two', false)];
    await settled();
    expect(events).toEqual(['one begins', 'two begins']);
    end('two');
    end('one');
    await Promise.all(both);
  });

  it('The read-write lock runs ordered work after all before it, and before all that comes later', async () => {
    const { take, events, end, settled } = recorder();
    const all = [take('one', false), take('two', false), take('ordered', true), take('later', false)];
    await settled();
    end('two');
    await settled();
    expect(events).toEqual(['one begins', 'two begins', 'two ends']);
    end('one');
    await settled();
    expect(events.slice(3)).toEqual(['one ends', 'ordered begins']);
    end('ordered');
    await settled();
    expect(events.slice(5)).toEqual(['ordered ends', 'later begins']);
    end('later');
    await Promise.all(all);
  });

  it('The read-write lock goes on after work that failed, and rejects with its error', async () => {
    const turns = new ReadWriteLock();
    const failed = turns.take(true, async () => {
      throw new Error('no');
    });
    let isDone = false;
    const next = turns.take(true, async () => {
      isDone = true;
    });
    await expect(failed).rejects.toThrow('no');
    await next;
    expect(isDone).toBe(true);
  });
});
