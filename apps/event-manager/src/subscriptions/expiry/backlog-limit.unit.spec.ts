import { describe, expect, it } from 'vitest';
import { backlogFault } from './backlog-limit';

const limit = { maxEvents: 1_000, maxBytes: 50_000 };

describe('backlogFault', () => {
  it.each([
    ['nothing', { messages: 0, events: 0, bytes: 0 }],
    ['1000 events of 50 bytes in 2 messages', { messages: 2, events: 1_000, bytes: 50_000 }],
  ])('A backlog of %s is within the limit', (_description, backlog) => {
    expect(backlogFault(backlog, limit)).toBeUndefined();
  });

  it.each([
    ['1001 events', { messages: 1_001, events: 1_001, bytes: 0 }, 'about 1001 events wait in 1001 messages'],
    ['3 messages of 500 events', { messages: 3, events: 1_500, bytes: 0 }, 'about 1500 events wait in 3 messages'],
    ['50001 bytes', { messages: 1, events: 1, bytes: 50_001 }, 'about 50001 bytes wait in 1 messages'],
  ])('A backlog of %s exceeds the limit', (_description, backlog, fault) => {
    expect(backlogFault(backlog, limit)).toContain(fault);
  });
});
