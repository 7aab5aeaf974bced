import { addSampledCounter, addSampledGauge } from '@dbem/telemetry';
import type { Registry } from 'prom-client';
import type { Broker } from '../broker.port';

/** Adds the state of the connection to the broker. */
export function addBrokerGauges(registry: Registry, broker: Broker): void {
  addSampledGauge(registry, {
    name: 'dbem_broker_connected',
    help: '1 while there is a working connection to the broker.',
    sample: () => [{ value: broker.health().isConnected ? 1 : 0 }],
  });
  addSampledGauge(registry, {
    name: 'dbem_broker_blocked',
    help: '1 while the broker makes publishers wait, because it lacks memory or disk.',
    sample: () => [{ value: broker.health().blockedReason === undefined ? 0 : 1 }],
  });
  addSampledCounter(registry, {
    name: 'dbem_broker_reconnects_total',
    help: 'How often a connection to the broker was opened again after the first.',
    total: () => broker.health().reconnects,
  });
}
