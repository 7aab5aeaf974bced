import { describe, expect, it } from 'vitest';
import { applyChanges } from './apply-changes';
import { edgeOf, serviceOf, topologyOf } from './testing-topology';

const at = '2026-01-01T00:00:01.000Z';

describe('applyChanges', () => {
  const topology = topologyOf([serviceOf('a'), serviceOf('b')], [edgeOf('a', 'b'), edgeOf('b', 'a')]);

  it('applyChanges replaces changed items and keeps the same object for unchanged ones', () => {
    const after = applyChanges(topology, { at, revision: 2, edges: [edgeOf('a', 'b', { depth: 7 })] });
    expect(after?.edges.map(({ depth }) => depth)).toEqual([7, 0]);
    expect(after?.edges[1]).toBe(topology.edges[1]);
    expect(after?.services).toBe(topology.services);
  });

  it('applyChanges inserts added items in order and removes deleted ones', () => {
    const after = applyChanges(topology, {
      at,
      revision: 2,
      services: [serviceOf('aa')],
      removedServices: ['b'],
      removedEdges: [{ publisher: 'b', subscriber: 'a' }],
    });
    expect(after?.services.map(({ name }) => name)).toEqual(['a', 'aa']);
    expect(after?.edges).toEqual([topology.edges[0]]);
  });

  it('applyChanges returns nothing when a revision is missing', () => {
    expect(applyChanges(topology, { at, revision: 3 })).toBeUndefined();
  });
});
