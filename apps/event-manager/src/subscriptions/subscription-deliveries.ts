import { DbEventError, isPaused, pausedBy, resumedBy, type Subscription } from '@dbem/db-event';
import { SubscriptionMapEditor } from '@dbem/subscription-registry';
import { ConflictException, Injectable, NotFoundException } from '@nestjs/common';
import { ReconcileService } from '../reconcile/reconcile.service';

/**
 * Pauses and resumes subscriptions. Each pause belongs to who made it, and ends when it is ended in that name. When
 * none is left, `EventForwarder` forwards the waiting events.
 */
@Injectable()
export class SubscriptionDeliveries {
  constructor(
    private readonly map: SubscriptionMapEditor,
    private readonly reconcile: ReconcileService,
  ) {}

  /**
   * Resolves when no live manager routes the subscription's events to the service any more. Events that are already
   * in the service's queue are still processed. A pause that `by` has made before stays.
   */
  pause(publisher: string, subscriber: string, by: string): Promise<Subscription> {
    return this.update(publisher, subscriber, (present) => pausedBy(present, by, Date.now()));
  }

  /**
   * Ends the pause of `by`, and resolves when every live manager has the new state. Leaves a subscription that is not
   * paused unchanged. One that expired while paused has lost its waiting events; a repair run restores what it has
   * missed.
   *
   * @throws ConflictException if it is paused, but not by `by`.
   * @throws DbEventError SUBSCRIPTION_EXPIRING (retryable) while its waiting events are being deleted.
   */
  async resume(publisher: string, subscriber: string, by: string): Promise<Subscription> {
    let hadExpired = false;
    const resumed = await this.update(publisher, subscriber, (present) => {
      const next = resumedOf(present, by);
      hadExpired = present.expiry?.ofPaused === true && next.expiry?.ofPaused !== true;
      return next;
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

function resumedOf(present: Subscription, by: string): Subscription {
  const { publisher, subscriber, pauses = [], expiry } = present;
  if (pauses.length === 0) return present;
  if (!pauses.some((pause) => pause.by === by)) {
    const others = pauses.map((pause) => `"${pause.by}" since ${new Date(pause.sinceMs).toISOString()}`).join(', ');
    throw new ConflictException(`The subscription is paused by ${others}, not by "${by}".`);
  }
  const resumed = resumedBy(present, by);
  if (!expiry?.ofPaused || isPaused(resumed)) return resumed;
  if (expiry.state === 'dropping') {
    throw new DbEventError(
      'SUBSCRIPTION_EXPIRING',
      `The subscription of "${subscriber}" to "${publisher}" is expiring and its waiting events are being deleted: retry later`,
      { retryable: true },
    );
  }
  return { ...resumed, expiry: { sinceMs: expiry.sinceMs, state: 'returned' } };
}

export function unknown(publisher: string, subscriber: string): never {
  throw new NotFoundException(`"${subscriber}" does not subscribe to "${publisher}".`);
}
