import { type Dependency, meetsDependency, type Version } from '@dbem/db-event';
import type { DecodedEvent } from '../events/decoded-event';
import { keyText } from '../postgres/version-gate';

export interface BlockedEvent {
  readonly event: DecodedEvent;
  /** One of its unmet dependencies. */
  readonly waitsFor: Dependency;
}

export interface Resolution {
  /** Events that can be applied, in this order: each layer depends on earlier layers only. */
  readonly layers: readonly (readonly DecodedEvent[])[];
  readonly blocked: readonly BlockedEvent[];
}

export interface DependencyLookups {
  /** Whether the replica meets the dependency. */
  isMet(dependency: Dependency): boolean;
  /** Whether the caller prefers to wait for this one, if there are several. */
  isPreferred(dependency: Dependency): boolean;
}

/**
 * Orders events of different entities so that each comes after its dependencies, and finds those that can't be applied
 * yet, including events that wait for each other. A pure function except for randomness: an event with several unmet
 * dependencies waits for a random one of them. So a group with many members, deferred until the last one has arrived,
 * is rechecked a logarithmic number of times, in any order of arrival.
 */
export function resolveDependencies(events: readonly DecodedEvent[], lookups: DependencyLookups): Resolution {
  const layers: DecodedEvent[][] = [];
  const placed = new Map<string, Version | undefined>();
  const isMet = (dependency: Dependency) => {
    const key = keyText(dependency);
    return (placed.has(key) && meetsDependency(placed.get(key), dependency)) || lookups.isMet(dependency);
  };
  let remaining = events;
  for (;;) {
    const layer = remaining.filter(({ dependencies }) => dependencies.every(isMet));
    if (layer.length === 0) break;
    layers.push(layer);
    for (const { change } of layer) placed.set(keyText(change), change.version);
    const taken = new Set(layer);
    remaining = remaining.filter((event) => !taken.has(event));
  }
  const blocked = remaining.map((event) => {
    const unmet = event.dependencies.filter((dependency) => !isMet(dependency));
    const waitsFor = unmet.find(lookups.isPreferred) ?? (unmet[Math.floor(Math.random() * unmet.length)] as Dependency);
    return { event, waitsFor };
  });
  return { layers, blocked };
}
