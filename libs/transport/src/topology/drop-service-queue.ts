import type { Topology } from '../broker.port';
import { parkedQueueOf, REDELIVERY_EXCHANGE, serviceQueueOf } from './topology-names';

/**
 * Deletes a service's queue with all that waits in it. What comes back from a retry level afterwards is parked: a message that
 * has nowhere to go would hold up its lane, which all services share. Declaring the service's queue anew ends that.
 */
export async function dropServiceQueue(topology: Topology, service: string): Promise<void> {
  await topology.declareQueue({
    name: parkedQueueOf(service),
    kind: 'quorum',
    bindings: [{ exchange: REDELIVERY_EXCHANGE, routingKey: service }],
  });
  await topology.deleteQueue(serviceQueueOf(service));
}
