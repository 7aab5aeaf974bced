import { DbEventError, normalizeSubscription, type Subscription, serviceNameFault } from '@dbem/db-event';
import {
  type PutOutcome,
  type RemoveOutcome,
  SubscriptionRegistry,
  type UpdateOutcome,
} from '@dbem/subscription-registry';
import { Broker, closeOldWayIn, declareServiceTopology, type QueueKind } from '@dbem/transport';
import { Injectable } from '@nestjs/common';
import { Identities } from '../identity/identities';
import { MapAgreement } from '../map/map-agreement';

/** Makes and ends subscriptions, for the message intake and for the admin API alike. */
@Injectable()
export class SubscriptionService {
  constructor(
    private readonly registry: SubscriptionRegistry,
    private readonly broker: Broker,
    private readonly identities: Identities,
    private readonly agreement: MapAgreement,
  ) {}

  list(filter: { publisher?: string | undefined; subscriber?: string | undefined } = {}): Subscription[] {
    return this.registry.map
      .subscriptions()
      .filter(({ publisher }) => filter.publisher === undefined || publisher === filter.publisher)
      .filter(({ subscriber }) => filter.subscriber === undefined || subscriber === filter.subscriber);
  }

  find(publisher: string, subscriber: string): Subscription | undefined {
    return this.registry.map.get(publisher, subscriber);
  }

  /**
   * Resolves when every manager that is live or consumes events routes by the subscription, and the subscriber's queue is there to take its events.
   * The queue comes first: a map that names a queue that is not there would lose events.
   *
   * @throws DbEventError SERVICE_NAME_INVALID, SUBSCRIPTION_INVALID, or a retryable one of the broker or the registry.
   */
  async put(subscription: Subscription, queueKind: QueueKind = 'quorum'): Promise<PutOutcome> {
    check(subscription);
    await declareServiceTopology(this.broker.topology, subscription.subscriber, queueKind);
    if (this.identities.isEnforced) await closeOldWayIn(this.broker.topology, subscription.subscriber);
    const outcome = await this.registry.put(normalizeSubscription(subscription));
    await this.agreement.agree(subscription.publisher);
    return outcome;
  }

  /** Changes a subscription by what it is at that moment: see `SubscriptionRegistry`. Resolves and rejects like `put`. */
  async update(
    publisher: string,
    subscriber: string,
    change: (present: Subscription) => Subscription | undefined,
  ): Promise<UpdateOutcome> {
    const outcome = await this.registry.update(publisher, subscriber, change);
    await this.agreement.agree(publisher);
    return outcome;
  }

  /** Resolves when no manager routes by the subscription any more. The queue stays, with the events in it. */
  async remove(publisher: string, subscriber: string): Promise<RemoveOutcome> {
    check({ publisher, subscriber });
    const outcome = await this.registry.remove(publisher, subscriber);
    await this.agreement.agree(publisher);
    return outcome;
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
