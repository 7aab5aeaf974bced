import { addSampledCounter, addSampledGauge } from '@dbem/telemetry';
import type { Registry } from 'prom-client';
import type { Broker } from '../broker.port';

/** Adds the metrics of the broker connection. */
export function addBrokerGauges(registry: Registry, broker: Broker): void {
  addSampledGauge(registry, {
    name: 'dbem_broker_connected',
    help: '1 while the broker connection is open and accepts publishes, otherwise 0.',
    sample: () => [{ value: broker.health().isConnected ? 1 : 0 }],
  });
  addSampledGauge(registry, {
    name: 'dbem_broker_blocked',
    help: '1 while the broker blocks publishers because of a memory or disk alarm, otherwise 0.',
    sample: () => [{ value: broker.health().blockedReason === undefined ? 0 : 1 }],
  });
  addSampledCounter(registry, {
    name: 'dbem_broker_reconnects_total',
    help: 'Number of reconnects to the broker.',
    total: () => broker.health().reconnects,
  });
}
