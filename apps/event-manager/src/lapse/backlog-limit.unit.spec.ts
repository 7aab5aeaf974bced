import { describe, expect, it } from 'vitest';
import { backlogFault } from './backlog-limit';
import { MessageSizes } from './message-sizes';

const limit = { maxMessages: 1_000, maxBytes: 50_000 };

describe('backlogFault', () => {
  it.each([
    [1_000, undefined, undefined],
    [1_001, undefined, '1001 messages'],
    [1_000, 50, undefined],
    [1_000, 50.1, '50100 bytes'],
    [0, 1e9, undefined],
  ])('of %s messages of %s bytes: %s', (messages, meanBytes, fault) => {
    const found = backlogFault(messages, meanBytes, limit);
    if (fault === undefined) expect(found).toBeUndefined();
    else expect(found).toContain(fault);
  });
});

describe('MessageSizes', () => {
  it('knows the mean for each service, the newer messages counting more', () => {
    const sizes = new MessageSizes();
    expect(sizes.meanOf('a')).toBeUndefined();
    for (let time = 0; time < 1_000; time += 1) sizes.note('a', 100);
    expect(sizes.meanOf('a')).toBeCloseTo(100);
    for (let time = 0; time < 1_000; time += 1) sizes.note('a', 300);
    expect(sizes.meanOf('a')).toBeGreaterThan(295);
    expect(sizes.meanOf('b')).toBeUndefined();
  });
});
