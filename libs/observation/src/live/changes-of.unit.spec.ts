import { describe, expect, it } from 'vitest';
import { changesOf } from './changes-of';
import type { Edge, ServiceNode, Topology } from './topology';

const NODE: ServiceNode = { name: 'sharing', isPublisher: false, isSubscriber: true, health: 'ready', instances: [] };
const EDGE: Edge = {
  publisher: 'profile',
  subscriber: 'sharing',
  state: 'flowing',
  inPerS: 0,
  outPerS: 0,
  depth: 0,
  consumers: 1,
  parked: 0,
};
const BEFORE: Topology = { at: '1', revision: 1, managers: [], services: [NODE], edges: [EDGE], troubles: [] };

describe('changesOf', () => {
  it('changesOf is empty where only the time has changed', () => {
    expect(changesOf(BEFORE, { ...structuredClone(BEFORE), at: '2' })).toEqual({});
  });

  it('changesOf contains each changed item whole, and no other', () => {
    const unconsumed: Edge = { ...EDGE, state: 'unconsumed', consumers: 0 };
    const other: Edge = { ...EDGE, publisher: 'registry' };
    const before = { ...BEFORE, edges: [EDGE, other] };
    expect(changesOf(before, { ...before, edges: [unconsumed, other] })).toEqual({ edges: [unconsumed] });
  });

  it('changesOf contains added items and the names of removed ones', () => {
    const now = { ...BEFORE, services: [{ ...NODE, name: 'registry' }], edges: [{ ...EDGE, subscriber: 'registry' }] };
    expect(changesOf(BEFORE, now)).toEqual({
      services: now.services,
      edges: now.edges,
      removedServices: ['sharing'],
      removedEdges: [{ publisher: 'profile', subscriber: 'sharing' }],
    });
  });

  it('changesOf contains all troubles when one begins or ends', () => {
    const trouble = { id: 'parked b', severity: 'warning', title: 't', detail: 'd', page: 'parked' } as const;
    expect(changesOf(BEFORE, { ...BEFORE, troubles: [trouble] })).toEqual({ troubles: [trouble] });
    expect(changesOf({ ...BEFORE, troubles: [trouble] }, BEFORE)).toEqual({ troubles: [] });
  });
});
