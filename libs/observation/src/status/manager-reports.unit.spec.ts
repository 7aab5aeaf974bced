import { SubscriptionMap } from '@dbem/db-event';
import { describe, expect, it } from 'vitest';
import { FlowRecorder } from '../flow/flow-recorder';
import type { ManagerStatus } from './manager-message';
import { ManagerReports } from './manager-reports';

const T0 = 1_800_000_000_000;
const MAP = SubscriptionMap.of([
  { publisher: 'profile', subscriber: 'sharing' },
  { publisher: 'profile', subscriber: 'registry', entityTypes: ['TENANT'] },
]);

function status(users: number, tenants: number, parts: Partial<ManagerStatus> = {}): ManagerStatus {
  return {
    kind: 'status',
    manager: 'm1',
    software: '1',
    startedAtMs: T0 - 3_600_000,
    isReady: true,
    reasons: [],
    received: [
      ['profile', 'USER_PROFILE', users],
      ['profile', 'TENANT', tenants],
    ],
    ...parts,
  };
}

function managers(): ManagerReports {
  return new ManagerReports({ map: MAP }, new FlowRecorder({ map: MAP }));
}

describe('ManagerReports', () => {
  it('The rate to each subscriber follows from what the event managers received', () => {
    const known = managers();
    for (const manager of ['m1', 'm2']) known.receive(status(1_000, 1_000, { manager }), T0);
    for (const manager of ['m1', 'm2']) known.receive(status(1_200, 1_020, { manager }), T0 + 2_000);
    const perS = known.forwardedPerS(T0 + 2_000);
    expect(perS('profile', 'sharing')).toBe(220);
    expect(perS('profile', 'registry')).toBe(20);
    expect(known.list(T0 + 2_000)).toMatchObject([
      { receivedPerS: 110, forwardedPerS: 120 },
      { receivedPerS: 110, forwardedPerS: 120 },
    ]);
  });

  it('A count that a known manager reports for the first time counts as new', () => {
    const known = managers();
    known.receive(status(0, 0, { received: [] }), T0);
    known.receive(status(200, 0), T0 + 2_000);
    expect(known.forwardedPerS(T0 + 2_000)('profile', 'sharing')).toBe(100);
  });

  it('A manager whose reports time out is gone with a rate of 0, and one that shuts down is removed', () => {
    const known = managers();
    known.receive(status(0, 0), T0);
    known.receive(status(200, 0), T0 + 2_000);
    expect(known.list(T0 + 60_000)).toMatchObject([{ isGone: true, receivedPerS: 0 }]);
    expect(known.forwardedPerS(T0 + 60_000)('profile', 'sharing')).toBe(0);
    known.receive(status(200, 0, { isShuttingDown: true }), T0 + 61_000);
    expect(known.list(T0 + 61_000)).toEqual([]);
  });

  it('A publisher without subscribers does not count in a manager’s rate', () => {
    const known = managers();
    known.receive(status(0, 0), T0);
    known.receive(status(0, 0, { received: [['stranger', 'TENANT', 1_000]] }), T0 + 2_000);
    expect(known.list(T0 + 2_000)).toMatchObject([{ receivedPerS: 0 }]);
  });
});
