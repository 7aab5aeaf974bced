import { addSampledCounter, addSampledGauge } from '@dbem/telemetry';
import type { Registry } from 'prom-client';
import type { Database } from './database';

/** Adds the state of the service's database and of the connections to it. */
export function addDatabaseGauges(registry: Registry, database: Database): void {
  addSampledGauge(registry, {
    name: 'dbem_database_up',
    help: '1 while the database answers and its schema is up to date.',
    sample: async () => [
      {
        value: await database.check().then(
          () => 1,
          () => 0,
        ),
      },
    ],
  });
  addSampledGauge(registry, {
    name: 'dbem_database_pool_waiting',
    help: 'Requests for a connection that wait until one is free.',
    sample: () => [{ value: database.pool.waitingCount }],
  });
  addSampledCounter(registry, {
    name: 'dbem_database_lost_connections_total',
    help: 'Connections to the database that broke.',
    total: () => database.lostConnections,
  });
}
