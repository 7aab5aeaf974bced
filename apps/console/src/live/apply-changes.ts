import type { Schemas } from '../api/schemas';

export type Topology = Schemas['TopologyDto'];
export type TopologyChanges = Schemas['TopologyChangesDto'];
export type ServiceNode = Schemas['ServiceNodeDto'];
export type ManagerNode = Schemas['ManagerNodeDto'];
export type Edge = Schemas['EdgeDto'];
export type EdgeState = Edge['state'];

/** Unique among all subscriptions. */
export function edgeKey({ publisher, subscriber }: Pick<Edge, 'publisher' | 'subscriber'>): string {
  return `${publisher}~${subscriber}`;
}

/**
 * Applies a change message to the topology. Unchanged items remain the same objects.
 *
 * @returns undefined if a revision is missing: a new snapshot is needed.
 */
export function applyChanges(topology: Topology, changes: TopologyChanges): Topology | undefined {
  if (changes.revision !== topology.revision + 1) return undefined;
  const {
    at,
    revision,
    managers,
    intake,
    troubles,
    services = [],
    edges = [],
    removedServices = [],
    removedEdges = [],
  } = changes;
  return {
    at,
    revision,
    managers: managers ?? topology.managers,
    intake: intake ?? topology.intake,
    services: merged(topology.services, services, removedServices, ({ name }) => name),
    edges: merged(topology.edges, edges, removedEdges.map(edgeKey), edgeKey),
    troubles: troubles ?? topology.troubles,
  };
}

function merged<Item>(before: Item[], changed: Item[], removed: string[], keyOf: (item: Item) => string): Item[] {
  if (changed.length === 0 && removed.length === 0) return before;
  const byKey = new Map(before.map((item) => [keyOf(item), item]));
  for (const key of removed) byKey.delete(key);
  const known = byKey.size;
  for (const item of changed) byKey.set(keyOf(item), item);
  const after = [...byKey.values()];
  // Replaced items keep their position, so thousands of items are sorted only when one was added.
  return byKey.size === known ? after : after.sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
}
