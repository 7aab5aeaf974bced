import { describe, expect, it } from 'vitest';
import { decodeManagerMessage, encodeManagerMessage, type ManagerMessage } from './manager-message';

const STATUS: ManagerMessage = {
  kind: 'status',
  manager: 'm1',
  software: '0.1.0',
  startedAtMs: 1,
  isReady: true,
  reasons: [],
  received: [['user.profile', 'USER_PROFILE', 3]],
};
const WATCHES: ManagerMessage = {
  kind: 'watches',
  manager: 'm1',
  queue: 'db.event.status.1',
  watches: [{ id: 'w', filter: { publisher: 'user.profile', operation: 'DELETE' }, withContent: false }],
};
const PASSED: ManagerMessage = {
  kind: 'passed',
  events: [
    {
      watches: ['w'],
      body: 'AAAA',
      event: {
        at: '2026-01-01T00:00:00.000Z',
        manager: 'm2',
        publisher: 'user.profile',
        entityType: 'USER_PROFILE',
        operation: 'DELETE',
        size: 3,
        destinations: ['sharing'],
      },
    },
  ],
  skipped: { w: 7 },
};

describe('a manager’s message', () => {
  it.each([STATUS, WATCHES, PASSED])('comes out as it went in: $kind', (message) => {
    expect(decodeManagerMessage(encodeManagerMessage(message))).toEqual(message);
  });

  it.each<[string, unknown]>([
    ['no object', null],
    ['of no kind', { kind: 'greeting' }],
    ['with a time that is none', { ...STATUS, startedAtMs: 1e300 }],
    ['with an entity type that there is not', { ...STATUS, received: [['a', 'TREE', 1]] }],
    ['that names another’s queue to send events to', { ...WATCHES, queue: 'sharing.queue' }],
    ['with an event without a publisher', { ...PASSED, events: [{ watches: [], event: {} }] }],
  ])('is refused: one %s', (_what, message) => {
    expect(() => decodeManagerMessage(Buffer.from(JSON.stringify(message)))).toThrow(
      expect.objectContaining({ code: 'MESSAGE_MALFORMED' }),
    );
    expect(() => decodeManagerMessage(Buffer.from('not JSON'))).toThrow(
      expect.objectContaining({ code: 'MESSAGE_MALFORMED' }),
    );
  });
});
