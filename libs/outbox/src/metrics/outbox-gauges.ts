import { type Queryable, rowsOf } from '@dbem/db-event';
import { type DatabaseClock } from '@dbem/postgres';
import { type Log } from '@dbem/runtime';
import { addSampledGauge } from '@dbem/telemetry';
import type { Registry } from 'prom-client';

/** Counting stops here: at such a depth the exact number does not matter, and counting it would cost. */
const MAX_COUNTED = 100_000;

/** Both read the primary key's lowest end only. */
const DEPTH = `SELECT count(*)::int AS depth FROM (SELECT FROM db_event.outbox LIMIT ${MAX_COUNTED}) AS waiting`;
const OLDEST = `
  SELECT extract(epoch FROM clock_timestamp() - changed_at)::float8 AS age_s
  FROM db_event.outbox WHERE NOT is_heartbeat ORDER BY version LIMIT 1`;

/** What is left after the epoch's bits are taken away; exact as a double. */
const COUNTER_OF_VERSION = `SELECT (last_value & ((1::bigint << 39) - 1))::float8 AS counter FROM db_event.version`;

export interface OutboxGaugesOptions {
  readonly publisher: string;
  readonly database: Queryable;
  readonly clock: DatabaseClock;
  readonly log: Log;
}

/** Adds what can be read off a publisher's database at any time. */
export function addOutboxGauges(registry: Registry, { publisher, database, clock, log }: OutboxGaugesOptions): void {
  const labels = { publisher };
  const labelNames = ['publisher'];
  addSampledGauge(registry, {
    name: 'dbem_outbox_depth',
    help: `Rows that wait in the outbox; counted up to ${MAX_COUNTED}.`,
    labelNames,
    log,
    sample: async () => [{ labels, value: await one<'depth'>(database, DEPTH, 'depth') }],
  });
  addSampledGauge(registry, {
    name: 'dbem_outbox_oldest_age_seconds',
    help: 'Age of the oldest change that waits in the outbox; 0 if none does.',
    labelNames,
    log,
    sample: async () => [{ labels, value: await one<'age_s'>(database, OLDEST, 'age_s') }],
  });
  addSampledGauge(registry, {
    name: 'dbem_publisher_version',
    help: 'The newest version that was handed out: its counter, without the epoch.',
    labelNames,
    log,
    sample: async () => [{ labels, value: await one<'counter'>(database, COUNTER_OF_VERSION, 'counter') }],
  });
  addSampledGauge(registry, {
    name: 'dbem_publisher_clock_offset_seconds',
    help: 'By how much the clock of the publisher’s database is ahead of this process’s.',
    labelNames,
    log,
    sample: async () => {
      await clock.measure();
      return [{ labels, value: clock.offsetMs / 1_000 }];
    },
  });
}

async function one<Column extends string>(database: Queryable, sql: string, column: Column): Promise<number> {
  return rowsOf<Record<Column, number>>(await database.query(sql))[0]?.[column] ?? 0;
}
