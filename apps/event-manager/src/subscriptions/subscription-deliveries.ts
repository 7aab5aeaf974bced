import { DbEventError, type Subscription } from '@dbem/db-event';
import { SubscriptionMapEditor } from '@dbem/subscription-registry';
import { Broker, declarePausedQueue } from '@dbem/transport';
import { Injectable, NotFoundException } from '@nestjs/common';
import { ReconcileService } from '../reconcile/reconcile.service';

/** Pauses and resumes subscriptions; `PausedQueues` moves on what waited. See `SubscriptionDelivery` for the states. */
@Injectable()
export class SubscriptionDeliveries {
  constructor(
    private readonly map: SubscriptionMapEditor,
    private readonly broker: Broker,
    private readonly reconcile: ReconcileService,
  ) {}

  /** Resolves when no live manager sends the subscription's events to the service any more. What it has, it has. */
  async pause(publisher: string, subscriber: string): Promise<Subscription> {
    if (this.map.current.get(publisher, subscriber) === undefined) return unknown(publisher, subscriber);
    // The queue comes first: a map that names a queue that is not there would lose events.
    await declarePausedQueue(this.broker.topology, publisher, subscriber);
    return this.become(publisher, subscriber, (present) => ({ ...present, delivery: 'paused' }));
  }

  /**
   * Resolves when every manager knows. Does nothing to a subscription that is not paused. One that has expired meanwhile is live at
   * once, for nothing waits for it any more, and a repair makes up for what it has missed.
   *
   * @throws DbEventError SUBSCRIPTION_EXPIRING (retryable) while what waited for it is being deleted.
   */
  async resume(publisher: string, subscriber: string): Promise<Subscription> {
    let hadExpired = false;
    const resumed = await this.become(publisher, subscriber, (present) => {
      hadExpired = present.expiry?.ofPaused === true;
      return resumedOf(present);
    });
    if (hadExpired) await this.reconcile.rebuild(publisher, subscriber, resumed.entityTypes ?? []);
    return resumed;
  }

  private async become(
    publisher: string,
    subscriber: string,
    next: (present: Subscription) => Subscription,
  ): Promise<Subscription> {
    const outcome = await this.map.update(publisher, subscriber, next);
    const subscription = this.map.current.get(publisher, subscriber);
    return outcome === 'absent' || subscription === undefined ? unknown(publisher, subscriber) : subscription;
  }
}

function resumedOf(present: Subscription): Subscription {
  const { delivery, expiry } = present;
  if (delivery !== 'paused') return present;
  if (!expiry?.ofPaused) return { ...present, delivery: 'resuming' };
  if (expiry.state === 'dropping') {
    throw new DbEventError('SUBSCRIPTION_EXPIRING', 'What waited for the subscription is being deleted', {
      retryable: true,
    });
  }
  return { ...present, delivery: undefined, expiry: { sinceMs: expiry.sinceMs, state: 'returned' } };
}

export function unknown(publisher: string, subscriber: string): never {
  throw new NotFoundException(`"${subscriber}" does not subscribe to "${publisher}".`);
}
