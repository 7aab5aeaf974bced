import { DbEventError, type Subscription } from '@dbem/db-event';
import { SubscriptionMapEditor } from '@dbem/subscription-registry';
import { Broker, declarePausedQueue } from '@dbem/transport';
import { Injectable, NotFoundException } from '@nestjs/common';
import { ReconcileService } from '../reconcile/reconcile.service';

/** Pauses and resumes subscriptions; `PausedQueues` moves waiting events. See `SubscriptionDelivery` for the states. */
@Injectable()
export class SubscriptionDeliveries {
  constructor(
    private readonly map: SubscriptionMapEditor,
    private readonly broker: Broker,
    private readonly reconcile: ReconcileService,
  ) {}

  /**
   * Resolves when no live manager routes the subscription's events to the service any more. Events that are already
   * in the service's queue are still processed.
   */
  async pause(publisher: string, subscriber: string): Promise<Subscription> {
    if (this.map.current.get(publisher, subscriber) === undefined) return unknown(publisher, subscriber);
    // The queue comes first: if the map named a missing queue, events would be lost.
    await declarePausedQueue(this.broker.topology, publisher, subscriber);
    return this.update(publisher, subscriber, (present) => ({ ...present, delivery: 'paused' }));
  }

  /**
   * Resolves when every live manager has the new state. Leaves a subscription that is not paused unchanged. One that
   * expired while paused goes live at once, because its waiting events were deleted; a repair run restores what it
   * has missed.
   *
   * @throws DbEventError SUBSCRIPTION_EXPIRING (retryable) while its waiting events are being deleted.
   */
  async resume(publisher: string, subscriber: string): Promise<Subscription> {
    let hadExpired = false;
    const resumed = await this.update(publisher, subscriber, (present) => {
      hadExpired = present.expiry?.ofPaused === true;
      return resumedOf(present);
    });
    if (hadExpired) await this.reconcile.rebuild(publisher, subscriber, resumed.entityTypes ?? []);
    return resumed;
  }

  private async update(
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
    const { publisher, subscriber } = present;
    throw new DbEventError(
      'SUBSCRIPTION_EXPIRING',
      `The subscription of "${subscriber}" to "${publisher}" is expiring and its waiting events are being deleted: retry later`,
      { retryable: true },
    );
  }
  return { ...present, delivery: undefined, expiry: { sinceMs: expiry.sinceMs, state: 'returned' } };
}

export function unknown(publisher: string, subscriber: string): never {
  throw new NotFoundException(`"${subscriber}" does not subscribe to "${publisher}".`);
}
