import { expect, it } from 'vitest';
import { lanesOf } from './lanes';

it('lanesOf positions source and replicas on the timeline, with the delay of each replica', () => {
  const lanes = lanesOf({
    publisher: 'user.profile',
    entityType: 'USER_PROFILE',
    entityId: 'ada@seagrid',
    source: { status: 'present', version: '7', changedAt: '2026-01-01T00:00:10.000Z' },
    services: [
      { service: 'sharing', state: 'current', version: '7', appliedAt: '2026-01-01T00:00:10.042Z' },
      { service: 'registry', state: 'underway', version: '3', appliedAt: '2026-01-01T00:00:00.000Z' },
      { service: 'billing', state: 'unreachable', reason: 'It did not respond.' },
    ],
  });
  expect(
    lanes.map(({ name, position, delay }) => [name, position && Math.round(position * 1_000) / 1_000, delay]),
  ).toEqual([
    ['user.profile', 0.996, undefined],
    ['sharing', 1, '42 ms after the change'],
    ['registry', 0, undefined],
    ['billing', undefined, undefined],
  ]);
  expect(lanes[3]).toMatchObject({ tone: 'bad', meaning: 'It did not respond.' });
});
