import { describe, expect, it } from 'vitest';
import { decodeServiceStatus, encodeServiceStatus, type ServiceStatus } from './service-status';

const STATUS: ServiceStatus = {
  service: 'sharing',
  instance: 'one',
  software: '0.1.0',
  startedAtMs: 1,
  isReady: false,
  reasons: ['database'],
  outbox: { depth: 3, oldestAgeMs: 20, published: 7, version: 9, clockOffsetMs: -2 },
  received: [
    { publisher: 'user.profile', applied: 1, stale: 2, deferred: 3, retried: 4, parked: 5 },
    {
      publisher: 'registry',
      applied: 1,
      stale: 0,
      deferred: 0,
      retried: 0,
      parked: 0,
      version: 12,
      lastLagMs: -3,
      lastReceivedAtMs: 4,
      lag: [0, 1, 0],
    },
  ],
};

describe('status report', () => {
  it('A status report is decoded as it was encoded', () => {
    expect(decodeServiceStatus(encodeServiceStatus(STATUS))).toEqual(STATUS);
    const bare = { service: 'a', instance: 'b', software: 'c', startedAtMs: 1, isReady: true, reasons: [] };
    expect(decodeServiceStatus(encodeServiceStatus(bare))).toEqual(bare);
  });

  it('A status report is decoded without the unknown fields of a newer release', () => {
    const newer = { ...STATUS, mood: 'good', received: [{ ...STATUS.received?.[0], colour: 'blue' }] };
    expect(decodeServiceStatus(Buffer.from(JSON.stringify(newer)))).toEqual({
      ...STATUS,
      received: [STATUS.received?.[0]],
    });
  });

  it.each([
    ['that is not JSON', 'hello'],
    ['that is not an object', '[1]'],
    ['without a service', JSON.stringify({ ...STATUS, service: undefined })],
    ['with a string instead of a number', JSON.stringify({ ...STATUS, startedAtMs: '1' })],
    ['with an invalid time', JSON.stringify({ ...STATUS, startedAtMs: 1e300 })],
    ['with the event manager’s name', JSON.stringify({ ...STATUS, service: 'db.event' })],
    ['with a negative count', JSON.stringify({ ...STATUS, received: [{ ...STATUS.received?.[0], applied: -1 }] })],
    ['with a name that is too long', JSON.stringify({ ...STATUS, service: 'x'.repeat(1_000) })],
    ['with too many publishers', JSON.stringify({ ...STATUS, received: Array(5_000).fill(STATUS.received?.[0]) })],
    [
      'with buckets that are not a list',
      JSON.stringify({ ...STATUS, received: [{ ...STATUS.received?.[1], lag: { length: 3 } }] }),
    ],
  ])('A status report %s is rejected', (_what, text) => {
    expect(() => decodeServiceStatus(Buffer.from(text))).toThrow(
      expect.objectContaining({ code: expect.stringMatching(/^MESSAGE_(MALFORMED|TOO_LARGE)$/) }),
    );
  });
});
