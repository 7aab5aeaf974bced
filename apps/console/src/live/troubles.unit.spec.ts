import { describe, expect, it } from 'vitest';
import { edgeOf, serviceOf, topologyOf } from './testing-topology';
import { troublesOf } from './troubles';

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
    expect(only).toMatchObject({ title: 'No consumer for b’s events', tone: 'bad', service: 'b' });
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

  it('A trouble links to the parked page for parked events, and to the service for a queue without consumers', () => {
    const topology = topologyOf([serviceOf('b', { parked: 1 })], [edgeOf('a', 'b', { state: 'unconsumed' })]);
    expect(troublesOf(topology).map(({ to }) => to)).toEqual(['/?focus=b', '/parked?service=b']);
  });
});
