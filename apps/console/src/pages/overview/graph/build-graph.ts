import type { Edge, ServiceNode, Topology } from '../../../live/apply-changes';
import { edgeKey } from '../../../live/apply-changes';
import { groupBy } from '../../../live/group-by';
import { mostSevere, toneOfEdge, toneOfService } from '../../../live/severity';
import type { Tone } from '../../../ui/tone';
import type { CardData, Graph, GraphOptions, Line } from './graph';
import { groupOf } from './group-of';
import { layOut } from './lay-out';

/** With more visible subscriptions than this, a card sums up its subscriptions in one line. */
const MAX_ROWS = 60;
/** With more services than this in a column, services with the same name prefix share a card. */
const MAX_UNGROUPED = 20;
/** At most this many services in trouble per column have a card outside of their group. */
const MAX_HIGHLIGHTED = 10;

type Side = 'publisher' | 'subscriber';
type Member = Extract<CardData, { kind: Side }>;

/** Builds the graph of a topology: its cards, their content and position, and the lines between them. */
export function buildGraph(topology: Topology, options: GraphOptions): Graph {
  const matches = matcherOf(options);
  const edges = topology.edges.filter(({ publisher, subscriber }) => matches(publisher) || matches(subscriber));
  const isAll = options.focus === '' && options.search === '';
  const sending = groupBy(edges, ({ publisher }) => publisher);
  const receiving = groupBy(edges, ({ subscriber }) => subscriber);
  const hasRows = edges.length <= MAX_ROWS;
  const publishers: Member[] = [];
  const subscribers: Member[] = [];
  for (const service of topology.services) {
    const { name, isPublisher } = service;
    const sent = sending.get(name);
    const received = receiving.get(name);
    if (sent !== undefined || (isPublisher && (isAll || matches(name))))
      publishers.push(publisherOf(service, sent ?? []));
    if (received !== undefined) subscribers.push(subscriberOf(service, received, hasRows));
  }
  const columns = {
    publishers: grouped('publisher', publishers, options),
    managers: managersOf(topology),
    subscribers: grouped('subscriber', subscribers, options),
  };
  const cards = layOut(columns);
  return { cards, lines: cards.flatMap(({ id, data }) => linesOf(id, data)) };
}

function matcherOf({ focus, search }: GraphOptions): (name: string) => boolean {
  if (focus !== '') return (name) => name === focus;
  return (name) => name.includes(search);
}

function publisherOf(service: ServiceNode, edges: readonly Edge[]): Member {
  const ratePerS = service.outbox?.publishedPerS ?? Math.max(0, ...edges.map(({ inPerS }) => inPerS));
  return { kind: 'publisher', service, ratePerS, tone: toneOfService(service) };
}

function subscriberOf(service: ServiceNode, edges: readonly Edge[], hasRows: boolean): Member {
  const own = toneOfService(service);
  const tone = mostSevere([own === 'idle' ? 'ok' : own, ...edges.map(toneOfEdge)]);
  return { kind: 'subscriber', service, edges, hasRows, tone };
}

function managersOf({ managers, intake }: Topology): CardData {
  const tones = managers.map(({ state }): Tone => (state === 'ready' ? 'ok' : 'warn'));
  const isStuck = intake !== undefined && intake.consumers === 0;
  return { kind: 'managers', managers, intake, tone: isStuck ? 'bad' : mostSevere(tones) };
}

function grouped(side: Side, members: readonly Member[], { expanded }: GraphOptions): CardData[] {
  if (members.length <= MAX_UNGROUPED) return [...members];
  const highlighted = new Set(members.filter(({ tone }) => tone === 'bad').slice(0, MAX_HIGHLIGHTED));
  const cards: CardData[] = [...highlighted];
  for (const [name, all] of groupBy(members, ({ service }) => groupOf(service.name))) {
    const rest = all.filter((member) => !highlighted.has(member));
    if (rest.length === 0) continue;
    if (rest.length === 1) cards.push(...rest);
    else {
      cards.push(groupCard(side, name, rest));
      if (expanded.has(`${side} ${name}`)) cards.push(...rest);
    }
  }
  return cards;
}

function groupCard(side: Side, name: string, members: readonly Member[]): CardData {
  const tones: Partial<Record<Tone, number>> = {};
  for (const { tone } of members) tones[tone] = (tones[tone] ?? 0) + 1;
  return {
    kind: 'group',
    side,
    name,
    members: members.map(({ service }) => service.name),
    tones,
    ratePerS: members.reduce((sum, member) => sum + rateOf(member), 0),
    depth: members.reduce((sum, { service }) => sum + depthOf(side, service), 0),
    tone: mostSevere(members.map(({ tone }) => tone)),
  };
}

function rateOf(member: Member): number {
  return member.kind === 'publisher' ? member.ratePerS : member.edges.reduce((sum, { inPerS }) => sum + inPerS, 0);
}

function depthOf(side: Side, { queue, outbox }: ServiceNode): number {
  return (side === 'publisher' ? outbox?.depth : queue?.events) ?? 0;
}

function linesOf(id: string, data: CardData): Line[] {
  if (data.kind === 'managers') return [];
  const isFromHere = data.kind === 'publisher' || (data.kind === 'group' && data.side === 'publisher');
  const ends = isFromHere ? { source: id, target: 'managers' } : { source: 'managers', target: id };
  if (data.kind === 'subscriber' && data.hasRows) {
    return data.edges.map((edge) => {
      const tone = toneOfEdge(edge);
      return { ...ends, id: edgeKey(edge), row: edgeKey(edge), tone, isMoving: tone === 'ok' && edge.inPerS >= 0.05 };
    });
  }
  const ratePerS = data.kind === 'subscriber' ? rateOf(data) : data.ratePerS;
  return [
    { ...ends, id: `line ${id}`, row: undefined, tone: data.tone, isMoving: data.tone === 'ok' && ratePerS >= 0.05 },
  ];
}
