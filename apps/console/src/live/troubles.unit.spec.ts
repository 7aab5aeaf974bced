import { describe, expect, it } from 'vitest';
import { edgeOf, serviceOf, topologyOf } from './testing-topology';
import { troublesOf } from './troubles';

const titles = (...args: Parameters<typeof topologyOf>) => troublesOf(topologyOf(...args)).map(({ title }) => title);

describe('troublesOf', () => {
  it('finds nothing where everything flows, is paused, or is being backfilled', () => {
    const edges = [edgeOf('a', 'b'), edgeOf('c', 'b', { state: 'paused' }), edgeOf('d', 'b', { state: 'backfilling' })];
    expect(titles([serviceOf('b')], edges)).toEqual([]);
  });

  it('tells of a silent service once, however many subscriptions it has', () => {
    const edges = ['a', 'c', 'd'].map((publisher) => edgeOf(publisher, 'b', { state: 'silent' }));
    const [only, ...others] = troublesOf(
      topologyOf([serviceOf('b', { health: 'gone', queue: { messages: 12, consumers: 0 } })], edges),
    );
    expect(only).toMatchObject({ title: 'Nobody takes b’s events', tone: 'bad', service: 'b' });
    expect(only?.detail).toContain('12 events wait');
    expect(others).toEqual([]);
  });

  it('finds a state that stands behind a graver one', () => {
    const edges = [edgeOf('a', 'b', { state: 'paused', also: ['silent'] })];
    expect(titles([serviceOf('b')], edges)).toEqual(['Nobody takes b’s events']);
  });

  it('puts what is bad before what is merely to be looked at', () => {
    const services = [
      serviceOf('a', { parked: 2 }),
      serviceOf('b', { outbox: { depth: 9, oldestAgeMs: 60_000, publishedPerS: 0, clockOffsetMs: 0 } }),
    ];
    expect(titles(services, [edgeOf('b', 'a')])).toEqual(['b can’t publish', '2 events parked of a']);
  });

  it('tells of event managers that take nothing', () => {
    expect(titles([], [], { intake: { messages: 3, consumers: 0 } })).toEqual(['No event manager takes events']);
  });

  it('leads parked events to the parked page, and a silent service to itself', () => {
    const topology = topologyOf([serviceOf('b', { parked: 1 })], [edgeOf('a', 'b', { state: 'silent' })]);
    expect(troublesOf(topology).map(({ to }) => to)).toEqual(['/?focus=b', '/parked?service=b']);
  });
});
