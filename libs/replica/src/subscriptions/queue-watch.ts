import { DbEventError, type Lifecycle } from '@dbem/db-event';
import { type Log, PeriodicTask } from '@dbem/runtime';
import type { Broker } from '@dbem/transport';
import type { Applier } from '../applier/applier';
import type { SubscriptionClient } from './subscription-client';

const CHECK_INTERVAL_MS = 1_000;

/**
 * Notices that the service's queue has gone under a running service: its subscriptions have expired (or somebody deleted the
 * queue), so it must ask for them again.
 *
 *   attached <-> detached -(the broker says that there is no such queue)-> asks again, once, until it is attached again
 */
export class QueueWatch implements Lifecycle {
  private readonly looking = new PeriodicTask(() => this.look(), {
    intervalMs: CHECK_INTERVAL_MS,
    onError: (error) => {
      if (!(error instanceof DbEventError)) throw error;
      this.log.debug({ err: error, queue: this.queue }, 'could not ask whether the queue is there');
    },
  });
  private hasBeenRegistered = false;

  constructor(
    private readonly broker: Broker,
    private readonly queue: string,
    private readonly applier: Pick<Applier, 'isRegistered'>,
    private readonly subscriptions: Pick<SubscriptionClient, 'askAgain'>,
    private readonly log: Log,
  ) {}

  start(): Promise<void> {
    return this.looking.start();
  }

  stop(): Promise<void> {
    return this.looking.stop();
  }

  private async look(): Promise<void> {
    if (this.applier.isRegistered) this.hasBeenRegistered = true;
    else if (this.hasBeenRegistered && (await this.broker.topology.inspectQueue(this.queue)) === undefined) {
      this.hasBeenRegistered = false;
      this.log.warn({ queue: this.queue }, 'the service’s queue is gone: asking for the subscriptions again');
      this.subscriptions.askAgain();
    }
  }
}
