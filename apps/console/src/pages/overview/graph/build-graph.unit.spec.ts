import { describe, expect, it } from 'vitest';
import { edgeOf, serviceOf, topologyOf } from '../../../live/testing-topology';
import { buildGraph } from './build-graph';
import type { GraphOptions } from './graph';

const ALL: GraphOptions = { focus: '', search: '', expanded: new Set() };

function many(services: number) {
  const names = Array.from(
    { length: services },
    (_, index) => `${'abcdefghij'[index % 10]}.part${Math.floor(index / 10)}`,
  );
  const edges = names.flatMap((subscriber, index) =>
    [1, 2, 3].map((step) => edgeOf(names[(index + step) % services] ?? '', subscriber)),
  );
  return topologyOf(
    names.map((name) => serviceOf(name, { isPublisher: true })),
    edges,
  );
}

describe('buildGraph', () => {
  it('buildGraph draws one card per service and one line per subscription in a small system', () => {
    const topology = topologyOf(
      [serviceOf('profile', { isPublisher: true }), serviceOf('sharing'), serviceOf('registry', { isPublisher: true })],
      [
        edgeOf('profile', 'sharing'),
        edgeOf('profile', 'registry'),
        edgeOf('registry', 'sharing', { state: 'unconsumed' }),
      ],
    );
    const { cards, lines } = buildGraph(topology, ALL);
    expect(cards.map(({ id }) => id)).toEqual([
      'publisher profile',
      'publisher registry',
      'managers',
      'subscriber sharing',
      'subscriber registry',
    ]);
    expect(lines.find(({ id }) => id === 'registry~sharing')).toMatchObject({ tone: 'bad', isMoving: false });
    expect(lines.find(({ id }) => id === 'profile~sharing')).toMatchObject({ tone: 'ok', isMoving: true });
  });

  it('buildGraph groups the services of a large system by name and gives a service in trouble its own card', () => {
    const topology = many(200);
    const troubled = topology.edges.findIndex(({ subscriber }) => subscriber === 'c.part7');
    topology.edges[troubled] = edgeOf(topology.edges[troubled]?.publisher ?? '', 'c.part7', { state: 'unconsumed' });
    const { cards } = buildGraph(topology, ALL);
    const ids = cards.map(({ id }) => id);
    expect(cards.length).toBeLessThan(30);
    expect(ids).toContain('subscriber c.part7');
    expect(ids).toContain('group subscriber c');
  });

  it('buildGraph shows every member of an expanded group', () => {
    const { cards } = buildGraph(many(200), { ...ALL, expanded: new Set(['publisher b']) });
    expect(cards.filter(({ id }) => id.startsWith('publisher b.'))).toHaveLength(20);
  });

  it('buildGraph shows a focused service only with its publishers and subscribers, in rows', () => {
    const { cards, lines } = buildGraph(many(200), { ...ALL, focus: 'a.part0' });
    expect(cards.map(({ id }) => id).sort()).toEqual([
      'managers',
      ...['a.part0', 'b.part0', 'c.part0', 'd.part0'].map((name) => `publisher ${name}`),
      ...['a.part0', 'h.part19', 'i.part19', 'j.part19'].map((name) => `subscriber ${name}`),
    ]);
    expect(lines.filter(({ row }) => row !== undefined)).toHaveLength(6);
  });

  it('buildGraph places cards without overlaps', () => {
    const expanded = new Set([...'abcdefghij'].flatMap((name) => [`publisher ${name}`, `subscriber ${name}`]));
    const { cards } = buildGraph(many(200), { ...ALL, expanded });
    expect(cards.length).toBeGreaterThan(400);
    const overlaps = cards.flatMap((one, index) =>
      cards
        .slice(index + 1)
        .filter(
          (other) =>
            one.x + one.width > other.x &&
            other.x + other.width > one.x &&
            one.y + one.height > other.y &&
            other.y + other.height > one.y,
        )
        .map((other) => `${one.id} and ${other.id}`),
    );
    expect(overlaps).toEqual([]);
  });
});
