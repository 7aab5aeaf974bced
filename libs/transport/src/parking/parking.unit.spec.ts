import { DbEventError } from '@dbem/db-event';
import { describe, expect, it } from 'vitest';
import type { Delivery } from '../broker.port';
import { RETRY_LANES, retryLaneOf } from '../topology/topology-names';
import { attemptsOf, firstFailedAtOf, hasRetriesLeft, parkedMessage, retriedMessage } from './parking';
import { withoutParkingHeaders } from './parking-headers';

function delivery(headers: Record<string, unknown> = {}): Delivery {
  return { body: Buffer.from('body'), headers, exchange: '', routingKey: 'q', redelivered: false };
}

describe('a message to be tried again', () => {
  it('takes each lane of its level now and then, and the next level after the next failure', () => {
    for (const attempts of [0, 1, 2, 3]) {
      const taken = new Set<string>();
      for (let time = 0; time < 300; time += 1) {
        const { headers } = retriedMessage(delivery({ 'x-dbem-attempts': attempts }), 'sharing');
        taken.add(String(headers?.['dbem-lane']));
      }
      const lanes = RETRY_LANES.map((_part, lane) => retryLaneOf(attempts + 1, lane + 1));
      expect([...taken].sort()).toEqual(lanes);
    }
  });

  it('keeps the time of its first failure', () => {
    const first = retriedMessage(delivery(), 'sharing', new Date(1_000));
    const second = retriedMessage(delivery({ ...first.headers }), 'sharing', new Date(2_000));
    expect(second.headers).toMatchObject({
      'x-dbem-attempts': 2,
      'x-dbem-first-failed-at': new Date(1_000).toISOString(),
      'x-dbem-last-failed-at': new Date(2_000).toISOString(),
    });
  });
});

describe('headers that somebody made up', () => {
  it.each([Number.NaN, -1, 1e300, Number.POSITIVE_INFINITY, '3', null, {}, 1.5, Number.MAX_SAFE_INTEGER])(
    'lead to no odd number of attempts: %s',
    (attempts) => {
      const made = delivery({ 'x-dbem-attempts': attempts });
      expect(attemptsOf(made)).toBeGreaterThanOrEqual(0);
      expect(attemptsOf(made)).toBeLessThanOrEqual(1_000_000);
      expect(typeof hasRetriesLeft(made)).toBe('boolean');
    },
  );

  it.each(['', 'yesterday', '+999999-01-01', 12, {}, null, undefined])('lead to no odd time: %s', (time) => {
    const made = delivery({ 'x-dbem-first-failed-at': time });
    expect(firstFailedAtOf(made)).toBeUndefined();
    expect(parkedMessage(made, 's', new DbEventError('HANDLER_FAILED', 'no')).headers).toMatchObject({
      'x-dbem-first-failed-at': expect.stringMatching(/^\d{4}-/),
    });
  });

  it('are taken off what a publisher sends', () => {
    const { headers } = withoutParkingHeaders(delivery({ 'x-dbem-attempts': 99, traceparent: '00-1-1-00' }));
    expect(headers).toEqual({ traceparent: '00-1-1-00' });
  });
});

describe('a parked message', () => {
  it('has an id of its own, and a bounded reason and stack', () => {
    const cause = new Error('deep');
    cause.stack = 's'.repeat(100_000);
    const error = new DbEventError('HANDLER_FAILED', 'r'.repeat(100_000), { cause });
    const [one, other] = [parkedMessage(delivery(), 's', error), parkedMessage(delivery(), 's', error)];
    expect(one.headers?.['x-dbem-parked-id']).not.toBe(other.headers?.['x-dbem-parked-id']);
    expect(String(one.headers?.['x-dbem-reason'])).toHaveLength(2_000);
    expect(String(one.headers?.['x-dbem-stack'])).toHaveLength(8_000);
  });

  it('bears an error that is its own cause', () => {
    const error = new DbEventError('HANDLER_FAILED', 'round');
    Object.assign(error, { cause: error });
    expect(parkedMessage(delivery(), 's', error).headers?.['x-dbem-reason']).toBe('round');
  });
});
