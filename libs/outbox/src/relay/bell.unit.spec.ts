import { describe, expect, it } from 'vitest';
import { Bell } from './bell';

/** Longer than any test may last: who waits so long fails. */
const VERY_LONG_MS = 1_000_000;

describe('a bell', () => {
  it('ends a wait when it rings', async () => {
    const bell = new Bell();
    const waiting = bell.wait(VERY_LONG_MS);
    bell.ring();
    await waiting;
  });

  it('ends a wait at once that begins after it has rung', async () => {
    const bell = new Bell();
    bell.listen();
    bell.ring();
    await bell.wait(VERY_LONG_MS);
  });

  it('forgets what rang before `listen`', async () => {
    const bell = new Bell();
    bell.ring();
    bell.listen();
    let isOver = false;
    const waiting = bell.wait(VERY_LONG_MS).then(() => {
      isOver = true;
    });
    await Promise.resolve();
    expect(isOver).toBe(false);
    bell.ring();
    await waiting;
  });

  it('ends a wait when time is up', async () => {
    await new Bell().wait(1);
  });
});

describe('Bell', () => {
  it('A wait on a bell that has never rung lasts until it rings', async () => {
    const bell = new Bell();
    let isOver = false;
    const waiting = bell.wait(VERY_LONG_MS).then(() => {
      isOver = true;
    });
    await Promise.resolve();
    expect(isOver).toBe(false);
    bell.ring();
    await waiting;
    bell.ring();
  });
});
