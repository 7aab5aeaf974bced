import type { Topology } from '../broker.port';
import { parkedQueueOf, REDELIVERY_EXCHANGE, serviceQueueOf } from './topology-names';

/**
 * Deletes a service's queue with all its messages. Messages that return from a retry level later are parked: an
 * unroutable message would block its lane, which all services share. Redeclaring the service's queue ends that.
 */
export async function dropServiceQueue(topology: Topology, service: string): Promise<void> {
  await topology.declareQueue({
    name: parkedQueueOf(service),
    kind: 'quorum',
    bindings: [{ exchange: REDELIVERY_EXCHANGE, routingKey: service }],
  });
  await topology.deleteQueue(serviceQueueOf(service));
}
