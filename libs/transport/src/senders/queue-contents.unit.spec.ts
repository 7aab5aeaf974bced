import { describe, expect, it } from 'vitest';
import { QueueContents } from './queue-contents';

function contentsOf(...events: number[]): QueueContents {
  const contents = new QueueContents();
  for (const count of events) contents.note('a', count, count * 700);
  return contents;
}

describe('QueueContents', () => {
  it('A queue contains the events of the last messages that were sent to it', () => {
    const contents = contentsOf(1, 1, 1, 500, 20, 3);
    expect([0, 1, 2, 3, 4, 6].map((messages) => contents.eventsIn('a', messages))).toEqual([0, 3, 23, 523, 524, 526]);
    expect(contents.bytesIn('a', 2)).toBe(23 * 700);
  });

  it('Messages beyond the known ones count as their mean', () => {
    expect(contentsOf(10, 20).eventsIn('a', 8)).toBe(120);
  });

  it('Each message of an unknown queue counts as one event of unknown size', () => {
    const contents = contentsOf(10);
    expect([contents.eventsIn('b', 12), contents.bytesIn('b', 12)]).toEqual([12, 0]);
  });

  it('The estimate stays close over many messages, although old ones are remembered less exactly', () => {
    const contents = new QueueContents();
    for (let number = 0; number < 100_000; number += 1) contents.note('a', number < 90_000 ? 1 : 500, 1);
    expect(contents.eventsIn('a', 100)).toBe(50_000);
    expect(contents.eventsIn('a', 10_000) / 5_000_000).toBeCloseTo(1, 1);
    expect(contents.eventsIn('a', 100_000)).toBe(5_090_000);
  });
});
