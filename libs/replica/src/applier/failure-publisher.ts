import type { DbEventError } from '@dbem/db-event';
import type { Log } from '@dbem/runtime';
import {
  type Broker,
  correlationOf,
  type Delivery,
  hasRetriesLeft,
  parkedMessage,
  retriedMessage,
} from '@dbem/transport';
import type { ApplierObserver } from './applier-observer';
import type { FailedEvent } from './batch-application';

/** Publishes events that can't be applied to a retry level or to the parked queue. Resolves when they are confirmed. */
export class FailurePublisher {
  constructor(
    private readonly broker: Broker,
    private readonly service: string,
    private readonly observer: ApplierObserver,
    private readonly log: Log,
  ) {}

  async retryOrPark({ event: { delivery }, error }: FailedEvent, now: Date): Promise<void> {
    // A retry can't help: the event stays behind the horizon.
    if (!hasRetriesLeft(delivery) || error.code === 'EVENT_BEHIND_HORIZON') {
      await this.park(delivery, error, now);
      return;
    }
    await this.broker.publish(retriedMessage(delivery, this.service, now));
    this.log.warn({ ...correlationOf(delivery), err: error }, 'could not apply an event; retrying later');
    this.observer.retried?.(delivery);
  }

  async park(delivery: Delivery, error: DbEventError, now: Date): Promise<void> {
    await this.broker.publish(parkedMessage(delivery, this.service, error, now));
    this.log.warn({ ...correlationOf(delivery), code: error.code, reason: error.message }, 'parked an event');
    this.observer.parked?.(error.code, delivery);
  }
}
