import type { Schemas } from '../api/schemas';

export type Topology = Schemas['TopologyDto'];
export type TopologyChanges = Schemas['TopologyChangesDto'];
export type ServiceNode = Schemas['ServiceNodeDto'];
export type ManagerNode = Schemas['ManagerNodeDto'];
export type Edge = Schemas['EdgeDto'];
export type EdgeState = Edge['state'];

/** Of all subscriptions only one has this. */
export function edgeKey({ publisher, subscriber }: Pick<Edge, 'publisher' | 'subscriber'>): string {
  return `${publisher}~${subscriber}`;
}

/**
 * The topology after a step; what the step leaves out is the same object as before.
 *
 * @returns undefined if a step before it is missing: then only a new snapshot helps.
 */
export function applyChanges(topology: Topology, changes: TopologyChanges): Topology | undefined {
  if (changes.revision !== topology.revision + 1) return undefined;
  const {
    at,
    revision,
    managers,
    intake,
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
  };
}

function merged<Item>(before: Item[], changed: Item[], removed: string[], keyOf: (item: Item) => string): Item[] {
  if (changed.length === 0 && removed.length === 0) return before;
  const byKey = new Map(before.map((item) => [keyOf(item), item]));
  for (const key of removed) byKey.delete(key);
  const known = byKey.size;
  for (const item of changed) byKey.set(keyOf(item), item);
  const after = [...byKey.values()];
  // What is replaced keeps its place; there are thousands, and most steps bring nothing new.
  return byKey.size === known ? after : after.sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
}
