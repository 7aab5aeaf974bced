import type { Topology } from '../broker.port';
import { EVENT_EXCHANGE, serviceQueueOf } from './topology-names';

/**
 * Removes a legacy service's binding of its queue to the event exchange. The manager publishes to queues by name and
 * does not need it, and through it any publisher could bypass the manager. Not for systems where a Java manager still
 * runs, because it routes by these bindings.
 */
export async function removeLegacyBinding(topology: Topology, service: string): Promise<void> {
  await topology.removeBinding(serviceQueueOf(service), { exchange: EVENT_EXCHANGE, routingKey: `#.${service}.#` });
}
