import type { Edge, ServiceNode, Topology, TopologyChanges } from './topology';

type State = Omit<Topology, 'revision'>;

/** The differences from `before` to `now`; an empty object if there are none. */
export function changesOf(before: State, now: State): Omit<TopologyChanges, 'at' | 'revision'> {
  const services = differing(before.services, now.services, nameOf);
  const edges = differing(before.edges, now.edges, keyOf);
  return {
    ...(!isSame(before.managers, now.managers) && { managers: now.managers }),
    ...(now.intake !== undefined && !isSame(before.intake, now.intake) && { intake: now.intake }),
    ...(services.changed.length > 0 && { services: services.changed }),
    ...(edges.changed.length > 0 && { edges: edges.changed }),
    ...(!isSame(before.troubles, now.troubles) && { troubles: now.troubles }),
    ...(services.removed.length > 0 && { removedServices: services.removed.map(nameOf) }),
    ...(edges.removed.length > 0 && {
      removedEdges: edges.removed.map(({ publisher, subscriber }) => ({ publisher, subscriber })),
    }),
  };
}

function differing<Item>(before: readonly Item[], now: readonly Item[], keyOfItem: (item: Item) => string) {
  const known = new Map(before.map((item) => [keyOfItem(item), item]));
  const changed = now.filter((item) => {
    const key = keyOfItem(item);
    const was = known.get(key);
    known.delete(key);
    return was === undefined || !isSame(was, item);
  });
  return { changed, removed: [...known.values()] };
}

function nameOf({ name }: ServiceNode): string {
  return name;
}

function keyOf({ publisher, subscriber }: Edge): string {
  return `${publisher}~${subscriber}`;
}

/** Both are plain data, made by the same code, so their fields are in the same order. */
function isSame(left: unknown, right: unknown): boolean {
  return left === right || JSON.stringify(left) === JSON.stringify(right);
}
