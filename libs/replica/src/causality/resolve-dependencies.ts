import { type Dependency, meetsDependency, type Version } from '@dbem/db-event';
import type { DecodedEvent } from '../events/decoded-event';
import { keyText } from '../postgres/version-gate';

export interface BlockedEvent {
  readonly event: DecodedEvent;
  /** One of its dependencies that is not met. */
  readonly waitsFor: Dependency;
}

export interface Resolution {
  /** What can be applied, in this order: each layer depends on earlier ones only. */
  readonly layers: readonly (readonly DecodedEvent[])[];
  readonly blocked: readonly BlockedEvent[];
}

export interface DependencyLookups {
  /** Met by what the replica holds. */
  isMet(dependency: Dependency): boolean;
  /** One that the caller would rather wait for, if there is a choice. */
  isPreferred(dependency: Dependency): boolean;
}

/**
 * Puts events of different entities into an order in which each comes after what it depends on, and finds those that can't be
 * applied yet, events that wait for each other among them. A pure function but for chance: an event with several unmet
 * dependencies waits for any of them. So a group of many members, deferred until the last has arrived, is looked at again a
 * logarithmic number of times, whatever the order of arrival.
 */
export function resolveDependencies(events: readonly DecodedEvent[], questions: DependencyLookups): Resolution {
  const layers: DecodedEvent[][] = [];
  const placed = new Map<string, Version | undefined>();
  const isMet = (dependency: Dependency) => {
    const key = keyText(dependency);
    return (placed.has(key) && meetsDependency(placed.get(key), dependency)) || questions.isMet(dependency);
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
    const waitsFor =
      unmet.find(questions.isPreferred) ?? (unmet[Math.floor(Math.random() * unmet.length)] as Dependency);
    return { event, waitsFor };
  });
  return { layers, blocked };
}
