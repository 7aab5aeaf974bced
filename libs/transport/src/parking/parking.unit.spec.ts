import { DbEventError } from '@dbem/db-event';
import { describe, expect, it } from 'vitest';
import { ARRIVAL_HEADER } from '../arrival';
import type { Delivery } from '../broker.port';
import { RETRY_LANES, retryLaneOf } from '../topology/topology-names';
import { parkedEventOf, redrivenMessage } from './parked-event';
import { attemptsOf, firstFailedAtOf, hasRetriesLeft, parkedMessage, retriedMessage } from './parking';
import { PARKING_HEADERS, withoutParkingHeaders } from './parking-headers';

function delivery(headers: Record<string, unknown> = {}): Delivery {
  return { body: Buffer.from('body'), headers, exchange: '', routingKey: 'q', redelivered: false };
}

describe('retried message', () => {
  it('A retried message uses every lane of its level, and the next level after the next failure', () => {
    for (const attempts of [0, 1, 2, 3]) {
      const used = new Set<string>();
      for (let time = 0; time < 300; time += 1) {
        const { headers } = retriedMessage(delivery({ [PARKING_HEADERS.attempts]: attempts }), 'sharing');
        used.add(String(headers?.[PARKING_HEADERS.lane]));
      }
      const lanes = RETRY_LANES.map((_factor, lane) => retryLaneOf(attempts + 1, lane + 1));
      expect([...used].sort()).toEqual(lanes);
    }
  });

  it('A retried message keeps the time of its first failure', () => {
    const first = retriedMessage(delivery(), 'sharing', new Date(1_000));
    const second = retriedMessage(delivery({ ...first.headers }), 'sharing', new Date(2_000));
    expect(second.headers).toMatchObject({
      [PARKING_HEADERS.attempts]: 2,
      [PARKING_HEADERS.firstFailedAt]: new Date(1_000).toISOString(),
      [PARKING_HEADERS.lastFailedAt]: new Date(2_000).toISOString(),
    });
  });
});

describe('arrival', () => {
  it('A message keeps its arrival when it is retried, parked and redriven', () => {
    const arrived = { [ARRIVAL_HEADER]: '7' };
    const error = new DbEventError('HANDLER_FAILED', 'no');
    const parked = parkedMessage(delivery(arrived), 'sharing', error);
    const redriven = redrivenMessage(parkedEventOf('sharing', delivery({ ...parked.headers })));
    for (const message of [retriedMessage(delivery(arrived), 'sharing'), parked, redriven])
      expect(message.headers).toMatchObject(arrived);
  });
});

describe('parking headers', () => {
  it('Parking headers have the names that other releases read', () => {
    expect(PARKING_HEADERS).toMatchObject({
      attempts: 'x-dbem-attempts',
      firstFailedAt: 'x-dbem-first-failed-at',
      lastFailedAt: 'x-dbem-last-failed-at',
      reason: 'x-dbem-reason',
      stack: 'x-dbem-stack',
      parkedId: 'x-dbem-parked-id',
      lane: 'dbem-lane',
      userId: 'x-dbem-user-id',
    });
  });

  it.each([Number.NaN, -1, 1e300, Number.POSITIVE_INFINITY, '3', null, {}, 1.5, Number.MAX_SAFE_INTEGER])(
    'An attempts header of %o is read as a plausible number of attempts',
    (attempts) => {
      const made = delivery({ [PARKING_HEADERS.attempts]: attempts });
      expect(attemptsOf(made)).toBeGreaterThanOrEqual(0);
      expect(attemptsOf(made)).toBeLessThanOrEqual(1_000_000);
      expect(typeof hasRetriesLeft(made)).toBe('boolean');
    },
  );

  it.each(['', 'yesterday', '+999999-01-01', 12, {}, null, undefined])(
    'A first-failure header of %o is replaced with a valid time',
    (time) => {
      const made = delivery({ [PARKING_HEADERS.firstFailedAt]: time });
      expect(firstFailedAtOf(made)).toBeUndefined();
      expect(parkedMessage(made, 's', new DbEventError('HANDLER_FAILED', 'no')).headers).toMatchObject({
        [PARKING_HEADERS.firstFailedAt]: expect.stringMatching(/^\d{4}-/),
      });
    },
  );

  it('Parking headers are removed from a publisher’s message', () => {
    const { headers } = withoutParkingHeaders(delivery({ [PARKING_HEADERS.attempts]: 99, traceparent: '00-1-1-00' }));
    expect(headers).toEqual({ traceparent: '00-1-1-00' });
  });
});

describe('parked message', () => {
  it('A parked message has a unique id, and a bounded reason and stack', () => {
    const cause = new Error('deep');
    cause.stack = 's'.repeat(100_000);
    const error = new DbEventError('HANDLER_FAILED', 'r'.repeat(100_000), { cause });
    const [one, other] = [parkedMessage(delivery(), 's', error), parkedMessage(delivery(), 's', error)];
    expect(one.headers?.[PARKING_HEADERS.parkedId]).toBeDefined();
    expect(one.headers?.[PARKING_HEADERS.parkedId]).not.toBe(other.headers?.[PARKING_HEADERS.parkedId]);
    expect(String(one.headers?.[PARKING_HEADERS.reason])).toHaveLength(2_000);
    expect(String(one.headers?.[PARKING_HEADERS.stack])).toHaveLength(8_000);
  });

  it('A parked message can have an error that is its own cause', () => {
    const error = new DbEventError('HANDLER_FAILED', 'round');
    Object.assign(error, { cause: error });
    expect(parkedMessage(delivery(), 's', error).headers?.[PARKING_HEADERS.reason]).toBe('round');
  });
});
