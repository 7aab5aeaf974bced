import { describe, expect, it } from 'vitest';
import { MessageSizes } from '../../intake/message-sizes';
import { backlogFault } from './backlog-limit';

const limit = { maxMessages: 1_000, maxBytes: 50_000 };

describe('backlogFault', () => {
  it.each([
    ['1000 messages of unknown size', 1_000, undefined],
    ['1000 messages of 50 bytes', 1_000, 50],
    ['no messages', 0, 1e9],
  ])('A backlog of %s is within the limit', (_description, messages, meanBytes) => {
    expect(backlogFault(messages, meanBytes, limit)).toBeUndefined();
  });

  it.each([
    ['1001 messages of unknown size', 1_001, undefined, '1001 messages'],
    ['1000 messages of 50.1 bytes', 1_000, 50.1, '50100 bytes'],
  ])('A backlog of %s exceeds the limit', (_description, messages, meanBytes, fault) => {
    expect(backlogFault(messages, meanBytes, limit)).toContain(fault);
  });
});

describe('MessageSizes', () => {
  it('The mean message size of a service weights newer messages more', () => {
    const sizes = new MessageSizes();
    expect(sizes.meanOf('a')).toBeUndefined();
    for (let count = 0; count < 1_000; count += 1) sizes.note('a', 100);
    expect(sizes.meanOf('a')).toBeCloseTo(100);
    for (let count = 0; count < 1_000; count += 1) sizes.note('a', 300);
    expect(sizes.meanOf('a')).toBeGreaterThan(295);
    expect(sizes.meanOf('b')).toBeUndefined();
  });
});
