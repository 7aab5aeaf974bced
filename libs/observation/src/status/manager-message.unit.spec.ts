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

describe('manager messages', () => {
  it.each([STATUS, WATCHES, PASSED])('A manager message of the kind $kind is decoded as it was encoded', (message) => {
    expect(decodeManagerMessage(encodeManagerMessage(message))).toEqual(message);
  });

  it.each<[string, unknown]>([
    ['that is not an object', null],
    ['of an unknown kind', { kind: 'greeting' }],
    ['with an invalid time', { ...STATUS, startedAtMs: 1e300 }],
    ['with an unknown entity type', { ...STATUS, received: [['a', 'TREE', 1]] }],
    ['with a service’s queue to send events to', { ...WATCHES, queue: 'sharing.queue' }],
    ['with an event without a publisher', { ...PASSED, events: [{ watches: [], event: {} }] }],
  ])('A manager message %s is rejected as malformed', (_what, message) => {
    expect(() => decodeManagerMessage(Buffer.from(JSON.stringify(message)))).toThrow(
      expect.objectContaining({ code: 'MESSAGE_MALFORMED' }),
    );
  });

  it('A manager message that is not JSON is rejected as malformed', () => {
    expect(() => decodeManagerMessage(Buffer.from('not JSON'))).toThrow(
      expect.objectContaining({ code: 'MESSAGE_MALFORMED' }),
    );
  });
});
