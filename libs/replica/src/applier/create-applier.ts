import { SILENT_LOG } from '@dbem/runtime';
import type { Broker } from '@dbem/transport';
import type { Pool } from 'pg';
import type { HandlerTable } from '../handlers/handler-table';
import { Applier, type ApplierOptions } from './applier';
import { BatchApplication } from './batch-application';
import { DeferredEventMonitor } from './deferred-event-monitor';
import { FailurePublisher } from './failure-publisher';

/** An applier with its parts. */
export function createApplier(broker: Broker, pool: Pool, handlers: HandlerTable, options: ApplierOptions): Applier {
  const { service, deferred = {}, observer = {}, log = SILENT_LOG } = options;
  const application = new BatchApplication(pool, handlers, observer, log);
  const failures = new FailurePublisher(broker, service, observer, log);
  const deferredEvents = new DeferredEventMonitor(pool, handlers, application, failures, { ...deferred, log });
  return new Applier(broker, pool, handlers, { application, failures, deferredEvents }, options);
}
