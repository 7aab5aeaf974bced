import { describe, expect, it } from 'vitest';
import { backlogFault } from './backlog-limit';

const UNKNOWN = { events: 1, bytes: 0 };
const limit = { maxEvents: 1_000, maxBytes: 50_000 };

describe('backlogFault', () => {
  it.each([
    ['1000 messages of unknown size', 1_000, UNKNOWN],
    ['1000 messages of an event and 50 bytes', 1_000, { events: 1, bytes: 50 }],
    ['2 messages of 500 events', 2, { events: 500, bytes: 20_000 }],
    ['no messages', 0, { events: 500, bytes: 1e9 }],
  ])('A backlog of %s is within the limit', (_description, messages, mean) => {
    expect(backlogFault(messages, mean, limit)).toBeUndefined();
  });

  it.each([
    ['1001 messages of unknown size', 1_001, UNKNOWN, '1001 events'],
    ['3 messages of 500 events', 3, { events: 500, bytes: 100 }, '1500 events wait in 3 messages'],
    ['1000 messages of 50.1 bytes', 1_000, { events: 1, bytes: 50.1 }, '50100 bytes'],
  ])('A backlog of %s exceeds the limit', (_description, messages, mean, fault) => {
    expect(backlogFault(messages, mean, limit)).toContain(fault);
  });
});
