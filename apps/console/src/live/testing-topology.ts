import type { Edge, ServiceNode, Topology } from './apply-changes';

/** For tests: a healthy service; `over` overrides its fields. */
export function serviceOf(name: string, over: Partial<ServiceNode> = {}): ServiceNode {
  return { name, isPublisher: false, isSubscriber: true, health: 'ready', instances: [], ...over };
}

/** For tests: a subscription in state `flowing`. */
export function edgeOf(publisher: string, subscriber: string, over: Partial<Edge> = {}): Edge {
  return { publisher, subscriber, state: 'flowing', inPerS: 1, outPerS: 1, depth: 0, consumers: 1, parked: 0, ...over };
}

/** For tests: a topology with one ready event manager. */
export function topologyOf(services: ServiceNode[], edges: Edge[], over: Partial<Topology> = {}): Topology {
  const at = '2026-01-01T00:00:00.000Z';
  return {
    at,
    revision: 1,
    managers: [{ id: 'm1', state: 'ready', software: '0.1.0', startedAt: at, receivedPerS: 1, forwardedPerS: 2 }],
    services,
    edges,
    troubles: [],
    ...over,
  };
}
