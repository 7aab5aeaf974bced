import { describe, expect, it } from 'vitest';
import { MeanMessages } from './mean-messages';

describe('MeanMessages', () => {
  it('The mean message of a queue weights newer messages more', () => {
    const means = new MeanMessages();
    for (let count = 0; count < 1_000; count += 1) means.note('a', 1, 100);
    expect(means.of('a').bytes).toBeCloseTo(100);
    expect(means.eventsIn('a', 7)).toBe(7);
    for (let count = 0; count < 1_000; count += 1) means.note('a', 500, 300);
    expect(means.of('a').bytes).toBeGreaterThan(295);
    expect(means.eventsIn('a', 2)).toBe(1_000);
  });

  it('Each message of an unknown queue counts as one event of unknown size', () => {
    const means = new MeanMessages();
    expect([means.of('b').bytes, means.eventsIn('b', 12)]).toEqual([0, 12]);
  });
});
