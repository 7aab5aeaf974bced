import { SubscriptionMap } from '@dbem/db-event';
import type { ReceivedStatus, ServiceStatus } from '@dbem/transport';
import { describe, expect, it } from 'vitest';
import { FlowRecorder } from '../flow/flow-recorder';
import { InstanceReports } from './instance-reports';

const T0 = 1_800_000_000_000;
const LONG_AGO = T0 - 3_600_000;

function received(applied: number, parts: Partial<ReceivedStatus> = {}): ReceivedStatus {
  return { publisher: 'profile', applied, stale: 0, deferred: 0, retried: 0, parked: 0, ...parts };
}

function status(applied: number, parts: Partial<ServiceStatus> = {}): ServiceStatus {
  return {
    service: 'sharing',
    instance: 'one',
    software: '1',
    startedAtMs: LONG_AGO,
    isReady: true,
    reasons: [],
    received: [received(applied)],
    ...parts,
  };
}

function services(): InstanceReports {
  const map = SubscriptionMap.of([{ publisher: 'profile', subscriber: 'sharing' }]);
  return new InstanceReports(new FlowRecorder({ map }));
}

const perS = (known: InstanceReports, nowMs: number) =>
  known.instancesOf('sharing', nowMs).reduce((sum, instance) => sum + instance.acknowledgedPerS('profile'), 0);

describe('InstanceReports', () => {
  it('The rate of an instance counts the events between two reports, and not the events before the first one', () => {
    const known = services();
    known.receive(status(1_000_000), T0);
    expect(perS(known, T0)).toBe(0);
    known.receive(status(1_000_200), T0 + 2_000);
    expect(perS(known, T0 + 2_000)).toBe(100);
  });

  it('The rate of a new instance counts everything since its start', () => {
    const known = services();
    known.receive(status(400, { startedAtMs: T0 - 4_000 }), T0);
    expect(perS(known, T0)).toBe(100);
  });

  it('The rate of an instance makes up for a lost report', () => {
    const known = services();
    known.receive(status(0), T0);
    known.receive(status(400), T0 + 4_000);
    expect(perS(known, T0 + 4_000)).toBe(100);
  });

  it('The rate of a service adds up its instances, and counts a new publisher from its first event', () => {
    const known = services();
    known.receive(status(0, { received: [] }), T0);
    known.receive(status(0, { instance: 'two' }), T0);
    known.receive(status(20), T0 + 2_000);
    known.receive(status(20, { instance: 'two' }), T0 + 2_000);
    expect(perS(known, T0 + 2_000)).toBe(20);
  });

  it('An instance whose reports time out is gone, and is removed in the end', () => {
    const known = services();
    known.receive(status(0), T0);
    known.receive(status(100), T0 + 1_000);
    const [instance] = known.instancesOf('sharing', T0 + 30_000);
    expect(instance?.isGone).toBe(true);
    expect(instance?.acknowledgedPerS('profile')).toBe(0);
    known.sweep(T0 + 60_000);
    expect(known.names()).toEqual(['sharing']);
    known.sweep(T0 + 3_600_000);
    expect(known.names()).toEqual([]);
  });

  it('An instance that shuts down is removed at once', () => {
    const known = services();
    known.receive(status(0), T0);
    known.receive(status(0, { isShuttingDown: true }), T0 + 1_000);
    expect(known.names()).toEqual([]);
  });

  it('The number of known instances is limited, and a live one replaces one that is gone', () => {
    const known = services();
    for (let number = 0; number < 100; number += 1) known.receive(status(0, { instance: `early ${number}` }), T0);
    known.receive(status(0, { instance: 'one too many' }), T0 + 1_000);
    expect(known.instancesOf('sharing', T0 + 1_000)).toHaveLength(100);
    known.receive(status(0, { service: 'registry' }), T0 + 1_000);
    expect(known.instancesOf('registry', T0 + 1_000)).toHaveLength(1);
    for (let number = 0; number < 3_000; number += 1)
      known.receive(status(0, { service: `many-${number}` }), T0 + 1_000);
    const count = known.names().reduce((sum, name) => sum + known.instancesOf(name, T0).length, 0);
    expect(count).toBe(2_000);
    known.receive(status(0, { instance: 'late' }), T0 + 60_000);
    expect(known.instancesOf('sharing', T0 + 60_000).map(({ status: { instance } }) => instance)).toEqual(['late']);
  });
});
