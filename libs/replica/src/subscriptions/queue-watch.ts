import { DbEventError, type Lifecycle } from '@dbem/db-event';
import { type Log, PeriodicTask } from '@dbem/runtime';
import type { Broker } from '@dbem/transport';
import type { Applier } from '../applier/applier';
import type { SubscriptionClient } from './subscription-client';

const CHECK_INTERVAL_MS = 1_000;

/**
 * Detects that the queue of a running service was deleted, because its subscriptions have expired or by hand. Then the
 * service must subscribe again.
 *
 *   registered <-> not registered -(the queue does not exist)-> subscribes again, once -> registered
 */
export class QueueWatch implements Lifecycle {
  private readonly checking = new PeriodicTask(() => this.check(), {
    intervalMs: CHECK_INTERVAL_MS,
    onError: (error) => {
      if (!(error instanceof DbEventError)) throw error;
      this.log.debug({ queue: this.queue, err: error }, 'could not check whether the service queue exists; retrying');
    },
  });
  private hasBeenRegistered = false;

  constructor(
    private readonly broker: Broker,
    private readonly queue: string,
    private readonly applier: Pick<Applier, 'isRegistered'>,
    private readonly subscriptions: Pick<SubscriptionClient, 'resubscribe'>,
    private readonly log: Log,
  ) {}

  start(): Promise<void> {
    return this.checking.start();
  }

  stop(): Promise<void> {
    return this.checking.stop();
  }

  private async check(): Promise<void> {
    if (this.applier.isRegistered) this.hasBeenRegistered = true;
    else if (this.hasBeenRegistered && (await this.broker.topology.inspectQueue(this.queue)) === undefined) {
      this.hasBeenRegistered = false;
      this.log.warn({ queue: this.queue }, 'service queue does not exist; subscribing again');
      this.subscriptions.resubscribe();
    }
  }
}
