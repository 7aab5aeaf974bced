import { describe, expect, it } from 'vitest';
import { Bell } from './bell';

/** Longer than any test may last: who waits so long fails. */
const VERY_LONG_MS = 1_000_000;

describe('Bell', () => {
  it('A wake signal ends a wait that is under way', async () => {
    const bell = new Bell();
    const waiting = bell.wait(VERY_LONG_MS);
    bell.ring();
    await waiting;
  });

  it('A wake signal that came before the wait ends it at once', async () => {
    const bell = new Bell();
    bell.listen();
    bell.ring();
    await bell.wait(VERY_LONG_MS);
  });

  it('A wake signal that came before `listen` is ignored', async () => {
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

  it('A wait without a wake signal ends when its time is up', async () => {
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
