import type { Dependency } from '@dbem/db-event';
import { groupCodec } from '@dbem/entity-codec';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type DecodedEvent, decodeEvent, eventIn } from '../events/decoded-event';
import { HandlerTable } from '../handlers/handler-table';
import { groupDelivery } from '../spec-support/group-deliveries';
import { type DependencyLookups, type Resolution, resolveDependencies } from './resolve-dependencies';

const ignore = async () => {};
const handlers = new HandlerTable([{ publisher: 'registry', codec: groupCodec, upsert: ignore, remove: ignore }]);

function on(entityId: string, minimumVersion?: bigint): Dependency {
  return { publisher: 'registry', entityType: 'GROUP', entityId, minimumVersion };
}

function eventOf(entityId: string, version: bigint, ...dependencies: Dependency[]): DecodedEvent {
  const delivery = groupDelivery({ entityId, version, dependencies });
  return decodeEvent(eventIn(delivery), delivery, handlers);
}

function resolve(events: readonly DecodedEvent[], lookups: Partial<DependencyLookups> = {}) {
  const { layers, blocked }: Resolution = resolveDependencies(events, {
    isMet: () => false,
    isPreferred: () => false,
    ...lookups,
  });
  return {
    layers: layers.map((layer) => layer.map(({ change }) => change.entityId)),
    blocked: blocked.map(({ event, waitsFor }) => `${event.change.entityId} waits for ${waitsFor.entityId}`),
  };
}

describe('resolveDependencies', () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it('Events without dependencies are one layer', () => {
    expect(resolve([eventOf('a', 1n), eventOf('b', 1n)])).toEqual({ layers: [['a', 'b']], blocked: [] });
    expect(resolve([])).toEqual({ layers: [], blocked: [] });
  });

  it('An event is in a later layer than its dependencies', () => {
    const events = [eventOf('c', 1n, on('b')), eventOf('b', 1n, on('a', 5n)), eventOf('a', 5n), eventOf('d', 1n)];
    expect(resolve(events)).toEqual({ layers: [['a', 'd'], ['b'], ['c']], blocked: [] });
  });

  it('An event waits for a version that neither the batch nor the replica has', () => {
    const events = [eventOf('a', 4n), eventOf('b', 1n, on('a', 5n))];
    expect(resolve(events)).toEqual({ layers: [['a']], blocked: ['b waits for a'] });
    expect(resolve([eventOf('b', 1n, on('a'))])).toEqual({ layers: [], blocked: ['b waits for a'] });
  });

  it('An event does not wait for what the replica has', () => {
    const isMet = ({ entityId }: Dependency) => entityId === 'a';
    expect(resolve([eventOf('b', 1n, on('a', 5n))], { isMet })).toEqual({ layers: [['b']], blocked: [] });
    expect(resolve([eventOf('a', 4n), eventOf('b', 1n, on('a', 5n))], { isMet }).layers).toEqual([['a', 'b']]);
  });

  it('An event with an unmet dependency is blocked, and so are the events that depend on it', () => {
    const isMet = ({ entityId }: Dependency) => entityId === 'met';
    const events = [eventOf('b', 1n, on('met'), on('missing')), eventOf('c', 1n, on('b')), eventOf('d', 1n)];
    expect(resolve(events, { isMet })).toEqual({
      layers: [['d']],
      blocked: ['b waits for missing', 'c waits for b'],
    });
  });

  it('Events that depend on each other are blocked', () => {
    const events = [eventOf('a', 1n, on('b')), eventOf('b', 1n, on('a'))];
    expect(resolve(events)).toEqual({ layers: [], blocked: ['a waits for b', 'b waits for a'] });
  });

  it.each([
    [0, 'x waits for a'],
    [0.5, 'x waits for b'],
    [0.99, 'x waits for c'],
  ])('An event with several unmet dependencies waits for a random one of them: %s', (random, blocked) => {
    vi.spyOn(Math, 'random').mockReturnValue(random);
    const isMet = ({ entityId }: Dependency) => entityId === 'met';
    const events = [eventOf('x', 1n, on('met'), on('a'), on('b'), on('c'))];
    expect(resolve(events, { isMet }).blocked).toEqual([blocked]);
  });

  it('An event waits for the preferred one of its unmet dependencies', () => {
    vi.spyOn(Math, 'random').mockReturnValue(0);
    const events = [eventOf('x', 1n, on('met'), on('a'), on('b'))];
    const lookups = (...preferred: string[]) => ({
      isMet: ({ entityId }: Dependency) => entityId === 'met',
      isPreferred: ({ entityId }: Dependency) => preferred.includes(entityId),
    });
    expect(resolve(events, lookups('b', 'met')).blocked).toEqual(['x waits for b']);
    expect(resolve(events, lookups('met')).blocked).toEqual(['x waits for a']);
  });
});
