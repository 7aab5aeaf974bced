import {
  DbEventError,
  type EntityType,
  normalizeSubscription,
  type Subscription,
  serviceNameFault,
} from '@dbem/db-event';
import type { PutOutcome, RemoveOutcome } from '@dbem/subscription-registry';
import { Broker, closeOldWayIn, declareServiceTopology, type QueueKind } from '@dbem/transport';
import { Injectable } from '@nestjs/common';
import { Identities } from '../identity/identities';
import { AgreedMap } from '../map/agreed-map';
import { ReconcileService } from '../reconcile/reconcile.service';

/** Makes and ends subscriptions, for the message intake and for the admin API alike. */
@Injectable()
export class SubscriptionService {
  constructor(
    private readonly map: AgreedMap,
    private readonly broker: Broker,
    private readonly identities: Identities,
    private readonly reconcile: ReconcileService,
  ) {}

  list(filter: { publisher?: string | undefined; subscriber?: string | undefined } = {}): Subscription[] {
    return this.map.current
      .subscriptions()
      .filter(({ publisher }) => filter.publisher === undefined || publisher === filter.publisher)
      .filter(({ subscriber }) => filter.subscriber === undefined || subscriber === filter.subscriber);
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
   * @param backfill the entity types of which the subscriber asks for history.
   * @throws DbEventError SERVICE_NAME_INVALID, SUBSCRIPTION_INVALID, or a retryable one of the broker or the registry.
   */
  async put(
    subscription: Subscription,
    queueKind: QueueKind = 'quorum',
    backfill: readonly EntityType[] = [],
  ): Promise<PutOutcome> {
    check(subscription);
    await declareServiceTopology(this.broker.topology, subscription.subscriber, queueKind);
    if (this.identities.isEnforced) await closeOldWayIn(this.broker.topology, subscription.subscriber);
    // Before it is made, so that no failure in between leaves a new subscription without its history.
    const isNew = this.find(subscription.publisher, subscription.subscriber) === undefined;
    if (isNew) await this.reconcile.forgetBackfill(subscription, backfill);
    const outcome = await this.map.put(normalizeSubscription(subscription));
    await this.reconcile.backfillOnce(subscription, backfill);
    return outcome;
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
