import type { Log } from '@dbem/runtime';
import { addSampledGauge } from '@dbem/telemetry';
import type { Registry } from 'prom-client';
import { MAX_COUNTED, type OutboxReadings } from './outbox-readings';

export interface OutboxGaugesOptions {
  readonly publisher: string;
  readonly readings: OutboxReadings;
  readonly log: Log;
}

/** Adds the gauges that are read from a publisher's database at each scrape. */
export function addOutboxGauges(registry: Registry, { publisher, readings, log }: OutboxGaugesOptions): void {
  const gauge = (name: string, help: string, read: () => Promise<number>) =>
    addSampledGauge(registry, {
      name,
      help,
      labelNames: ['publisher'],
      log,
      sample: async () => [{ labels: { publisher }, value: await read() }],
    });
  gauge('dbem_outbox_depth', `Rows waiting in the outbox, counted up to ${MAX_COUNTED}.`, () => readings.depth());
  gauge('dbem_outbox_oldest_age_seconds', 'Age of the oldest change waiting in the outbox; 0 if there is none.', () =>
    readings.oldestAgeS(),
  );
  gauge('dbem_publisher_version', 'Counter of the newest version that was generated, without the epoch.', () =>
    readings.version(),
  );
  gauge(
    'dbem_publisher_clock_offset_seconds',
    'How far the clock of the publisher’s database is ahead of this process’s clock.',
    async () => (await readings.clockOffsetMs()) / 1_000,
  );
}
