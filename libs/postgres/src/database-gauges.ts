import { addSampledCounter, addSampledGauge } from '@dbem/telemetry';
import type { Registry } from 'prom-client';
import type { Database } from './database';

/** Adds metrics of the service's database and its connections. */
export function addDatabaseGauges(registry: Registry, database: Database): void {
  addSampledGauge(registry, {
    name: 'dbem_database_up',
    help: '1 while the database is available and its schema is up to date, else 0.',
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
    help: 'Queries that wait for a free connection of the pool.',
    sample: () => [{ value: database.pool.waitingCount }],
  });
  addSampledCounter(registry, {
    name: 'dbem_database_lost_connections_total',
    help: 'Lost connections to the database.',
    total: () => database.lostConnections,
  });
}
