import type { Topology } from '../broker.port';
import { EVENT_EXCHANGE, serviceQueueOf } from './topology-names';

/**
 * Removes the binding that an old service made between the event exchange and its queue. The manager names queues and needs
 * none; through it, whoever may publish could put a message into that queue past the manager. Only for where no Java manager
 * runs: that one routes by these bindings.
 */
export async function closeLegacyIntake(topology: Topology, service: string): Promise<void> {
  await topology.removeBinding(serviceQueueOf(service), { exchange: EVENT_EXCHANGE, routingKey: `#.${service}.#` });
}
