import type { DbEvent } from '@dbem/db-event';
import type { Tail } from '@dbem/observation';
import { type Log, SILENT_LOG } from '@dbem/runtime';
import { expect, it } from 'vitest';
import { standIn } from '../../../../test/support/doubles/stand-in';
import type { IntakeMetrics } from './intake-metrics';
import { MetricsAndTail } from './metrics-and-tail';

it('An observer that throws is logged, and does not fail the event', () => {
  const failures: unknown[] = [];
  const log: Log = { ...SILENT_LOG, error: (details) => failures.push((details as { err: Error }).err.message) };
  const fails = (name: string) => () => {
    throw new Error(name);
  };
  const metrics = standIn<IntakeMetrics>({
    received: fails('received'),
    forwarded: () => {},
    acknowledged: fails('acknowledged'),
    parked: fails('parked'),
    returned: fails('returned'),
  });
  const observer = new MetricsAndTail(metrics, standIn<Tail>({ record: fails('tail') }), log);
  const event: DbEvent = { publisher: 'a', entityType: 'TENANT', crudType: 'CREATE', entity: Buffer.alloc(0) };
  const delivery = { body: Buffer.alloc(0), headers: {}, exchange: '', routingKey: '', redelivered: false };
  observer.received(event);
  observer.forwarded(event, [], 1, delivery);
  observer.acknowledged('a', 'accepted');
  observer.parked('MESSAGE_MALFORMED', undefined);
  observer.returned(1);
  expect(failures).toEqual(['received', 'tail', 'acknowledged', 'parked', 'returned']);
});
