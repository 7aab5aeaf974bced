import {
  DbEventError,
  type EntityType,
  normalizeSubscription,
  type Subscription,
  serviceNameFault,
} from '@dbem/db-event';
import type { PutOutcome, RemoveOutcome } from '@dbem/subscription-registry';
import { SubscriptionMapEditor } from '@dbem/subscription-registry';
import { Broker, closeLegacyIntake, declareServiceTopology, type QueueKind } from '@dbem/transport';
import { Injectable } from '@nestjs/common';
import { Identities } from '../access/identity/identities';
import { ReconcileService } from '../reconcile/reconcile.service';

export interface SubscribeOptions {
  /** Of the subscriber's queue, if it is not there yet. Default: quorum. */
  readonly queueKind?: QueueKind;
  /** The entity types of which the subscriber asks for history. */
  readonly backfill?: readonly EntityType[] | undefined;
  readonly rebuiltSinceMs?: number | undefined;
}

/** Makes and ends subscriptions, for the message intake and for the admin API alike. */
@Injectable()
export class SubscriptionService {
  constructor(
    private readonly map: SubscriptionMapEditor,
    private readonly broker: Broker,
    private readonly identities: Identities,
    private readonly reconcile: ReconcileService,
  ) {}

  list(filter: { publisher?: string | undefined; subscriber?: string | undefined } = {}): Subscription[] {
    const { current } = this.map;
    const ofPublisher =
      filter.publisher === undefined ? current.subscriptions() : current.subscriptionsTo(filter.publisher);
    return ofPublisher.filter(({ subscriber }) => filter.subscriber === undefined || subscriber === filter.subscriber);
  }

  find(publisher: string, subscriber: string): Subscription | undefined {
    return this.map.current.get(publisher, subscriber);
  }

  /**
   * Resolves when every manager that is live or consumes events routes by the subscription, and the subscriber's queue is
   * there to take its events.
   * The queue comes first: a map that names a queue that is not there would lose events. History comes last: what changes
   * meanwhile arrives by the subscription.
   *
   * @throws DbEventError SERVICE_NAME_INVALID, SUBSCRIPTION_INVALID, SUBSCRIPTION_EXPIRING (retryable), or a retryable one of the
   *   broker or the registry.
   */
  async put(
    subscription: Subscription,
    { queueKind = 'quorum', backfill = [], rebuiltSinceMs }: SubscribeOptions = {},
  ): Promise<PutOutcome> {
    check(subscription);
    await declareServiceTopology(this.broker.topology, subscription.subscriber, queueKind);
    if (this.identities.isEnforced) await closeLegacyIntake(this.broker.topology, subscription.subscriber);
    // Before it is made, so that no failure in between leaves a new subscription without its history.
    const isNew = this.find(subscription.publisher, subscription.subscriber) === undefined;
    if (isNew) await this.reconcile.forgetBackfill(subscription, backfill);
    const outcome = await this.map.put(normalizeSubscription(subscription), { rebuiltSinceMs });
    this.checkForExpiry(subscription);
    await this.rebuildAfterExpiry(subscription);
    await this.reconcile.backfillOnce(subscription, backfill);
    return outcome;
  }

  /** When the subscription expired, ms since 1970; undefined if it has not, or its subscriber has rebuilt itself since. */
  expiredSinceMs(publisher: string, subscriber: string): number | undefined {
    return this.find(publisher, subscriber)?.expiry?.sinceMs;
  }

  /** Its replica has missed changes: before it is told so, the run that repairs it is on record. */
  private async rebuildAfterExpiry({ publisher, subscriber, entityTypes = [] }: Subscription): Promise<void> {
    if (this.expiredSinceMs(publisher, subscriber) === undefined) return;
    await this.reconcile.rebuild(publisher, subscriber, entityTypes);
  }

  /** The queue is about to be deleted if another subscription of the same subscriber is expiring. */
  private checkForExpiry({ subscriber }: Subscription): void {
    for (const other of this.list({ subscriber })) {
      if (other.expiry?.state !== 'dropping') continue;
      throw new DbEventError('SUBSCRIPTION_EXPIRING', `The queue of "${subscriber}" is being deleted`, {
        retryable: true,
      });
    }
  }

  /** Resolves when no manager routes by the subscription any more. The queue stays, with the events in it. */
  async remove(publisher: string, subscriber: string): Promise<RemoveOutcome> {
    check({ publisher, subscriber });
    return this.map.remove(publisher, subscriber);
  }
}

function check({ publisher, subscriber }: Subscription): void {
  for (const name of [publisher, subscriber]) {
    const fault = serviceNameFault(name);
    if (fault !== undefined) throw new DbEventError('SERVICE_NAME_INVALID', `"${name}" is no service's name: ${fault}`);
  }
  if (publisher === subscriber) {
    throw new DbEventError('SUBSCRIPTION_INVALID', `"${subscriber}" can't subscribe to itself`);
  }
}
