import { describe, expect, it } from 'vitest';
import type { Edge, ServiceNode } from './topology';
import { type Observed, troublesOf } from './troubles-of';

const NOW = Date.parse('2026-11-30T12:00:00Z');

function serviceOf(name: string, over: Partial<ServiceNode> = {}): ServiceNode {
  return { name, isPublisher: false, isSubscriber: true, health: 'ready', instances: [], ...over };
}

function edgeOf(publisher: string, subscriber: string, over: Partial<Edge> = {}): Edge {
  return { publisher, subscriber, state: 'flowing', inPerS: 1, outPerS: 1, depth: 0, consumers: 1, parked: 0, ...over };
}

/** With one ready event manager. */
function topologyOf(services: ServiceNode[], edges: Edge[], over: Partial<Observed> = {}): Observed {
  const startedAt = '2026-11-30T10:00:00.000Z';
  const manager = {
    id: 'm1',
    state: 'ready',
    software: '0.1.0',
    startedAt,
    receivedPerS: 1,
    forwardedPerS: 2,
  } as const;
  return { managers: [manager], services, edges, unavailable: [], nowMs: NOW, ...over };
}

const titles = (...args: Parameters<typeof topologyOf>) => troublesOf(topologyOf(...args)).map(({ title }) => title);

describe('troublesOf', () => {
  it('troublesOf finds no trouble if every subscription is flowing, paused or backfilling', () => {
    const edges = [edgeOf('a', 'b'), edgeOf('c', 'b', { state: 'paused' }), edgeOf('d', 'b', { state: 'backfilling' })];
    expect(titles([serviceOf('b')], edges)).toEqual([]);
  });

  it('A queue without consumers is one trouble, however many subscriptions share it', () => {
    const edges = ['a', 'c', 'd'].map((publisher) => edgeOf(publisher, 'b', { state: 'unconsumed' }));
    const [only, ...others] = troublesOf(
      topologyOf([serviceOf('b', { health: 'gone', queue: { messages: 1, events: 12, consumers: 0 } })], edges),
    );
    expect(only).toMatchObject({ title: 'No consumer for b’s events', severity: 'error', service: 'b' });
    expect(only?.detail).toContain('12 events waiting');
    expect(others).toEqual([]);
  });

  it('A queue without consumers is a trouble even if the subscription is paused', () => {
    const edges = [edgeOf('a', 'b', { state: 'paused', also: ['unconsumed'] })];
    expect(titles([serviceOf('b')], edges)).toEqual(['No consumer for b’s events']);
  });

  it('Troubles are sorted with failures before warnings', () => {
    const services = [
      serviceOf('a', { parked: 2 }),
      serviceOf('b', { outbox: { depth: 9, oldestAgeMs: 60_000, publishedPerS: 0, clockOffsetMs: 0 } }),
    ];
    expect(titles(services, [edgeOf('b', 'a')])).toEqual(['b can’t publish', '2 events parked by a']);
  });

  it('An intake queue without consumers is a trouble', () => {
    expect(titles([], [], { intake: { messages: 1, events: 3, consumers: 0 } })).toEqual([
      'No event manager consumes events',
    ]);
  });

  it('A subscriber is behind only while both its lag quantile and its last lag are high', () => {
    const edge = (lastLagMs: number) => edgeOf('a', 'b', { lagP99Ms: 30_000, lastLagMs });
    expect(titles([serviceOf('b')], [edge(30_000)])).toEqual(['b is behind']);
    expect(titles([serviceOf('b')], [edge(12)])).toEqual([]);
  });

  it('A trouble names the parked page for parked events, and the overview for a queue without consumers', () => {
    const topology = topologyOf([serviceOf('b', { parked: 1 })], [edgeOf('a', 'b', { state: 'unconsumed' })]);
    expect(troublesOf(topology).map(({ page }) => page)).toEqual(['overview', 'parked']);
  });

  it('A queue that takes no events is one trouble, with the first cause and time that managers report', () => {
    const unavailable = [
      { service: 'b', queue: 'b.queue', cause: 'silent', sinceMs: NOW - 1_000 },
      { service: 'b', queue: 'b.queue', cause: 'refuses', sinceMs: NOW - 3_000 },
      { service: 'c', queue: 'c.queue', cause: 'missing', sinceMs: NOW },
    ] as const;
    const troubles = troublesOf(topologyOf([serviceOf('b'), serviceOf('c')], [edgeOf('a', 'b')], { unavailable }));
    expect(troubles).toEqual([
      expect.objectContaining({
        title: 'b’s queue takes no events',
        severity: 'error',
        service: 'b',
        queue: 'b.queue',
        cause: 'refuses',
        since: '2026-11-30T11:59:57.000Z',
      }),
      expect.objectContaining({ queue: 'c.queue', cause: 'missing', detail: expect.stringContaining('c.queue') }),
    ]);
  });
});
