import {
  DbEventError,
  type EntityType,
  normalizeSubscription,
  type Subscription,
  serviceNameFault,
} from '@dbem/db-event';
import type { PutOutcome, RemoveOutcome } from '@dbem/subscription-registry';
import { SubscriptionMapEditor } from '@dbem/subscription-registry';
import { Broker, declareServiceTopology, type QueueKind, removeLegacyBinding } from '@dbem/transport';
import { Injectable } from '@nestjs/common';
import { Identities } from '../access/identity/identities';
import { ReconcileService } from '../reconcile/reconcile.service';

export interface SubscribeOptions {
  /** Kind of the subscriber's queue if it must be declared. Default: quorum. */
  readonly queueKind?: QueueKind;
  /** Entity types that a new subscription is backfilled with. */
  readonly backfill?: readonly EntityType[] | undefined;
  readonly rebuiltSinceMs?: number | undefined;
}

/** Creates and deletes subscriptions, for requests by message and over HTTP. */
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
   * Resolves when the subscriber's queue exists and every manager that is live or consumes events routes by the
   * subscription.
   *
   * The queue is declared first: if the map named a missing queue, events would be lost. The backfill comes last:
   * changes made in the meantime arrive through the subscription.
   *
   * @throws DbEventError SERVICE_NAME_INVALID, SUBSCRIPTION_INVALID, SUBSCRIPTION_EXPIRING (retryable), or a
   *   retryable error of
   *   the broker or the registry.
   */
  async put(
    subscription: Subscription,
    { queueKind = 'quorum', backfill = [], rebuiltSinceMs }: SubscribeOptions = {},
  ): Promise<PutOutcome> {
    check(subscription);
    await declareServiceTopology(this.broker.topology, subscription.subscriber, queueKind);
    if (this.identities.isEnforced) await removeLegacyBinding(this.broker.topology, subscription.subscriber);
    // Before the subscription is created, so that a failure in between can't leave it without its backfill.
    const isNew = this.find(subscription.publisher, subscription.subscriber) === undefined;
    if (isNew) await this.reconcile.forgetBackfill(subscription, backfill);
    const outcome = await this.map.put(normalizeSubscription(subscription), { rebuiltSinceMs });
    this.checkForExpiry(subscription);
    await this.rebuildAfterExpiry(subscription);
    await this.reconcile.backfillOnce(subscription, backfill);
    return outcome;
  }

  /**
   * When the subscription expired, ms since 1970; undefined if it has not, or its subscriber has rebuilt its replica
   * since.
   */
  expiredSinceMs(publisher: string, subscriber: string): number | undefined {
    return this.find(publisher, subscriber)?.expiry?.sinceMs;
  }

  /**
   * Creates a repair run, because the replica has missed changes, before the reply reports the expiry to the
   * subscriber.
   */
  private async rebuildAfterExpiry({ publisher, subscriber, entityTypes = [] }: Subscription): Promise<void> {
    if (this.expiredSinceMs(publisher, subscriber) === undefined) return;
    await this.reconcile.rebuild(publisher, subscriber, entityTypes);
  }

  /** While any subscription of the subscriber is expiring, its queue is about to be deleted. */
  private checkForExpiry({ subscriber }: Subscription): void {
    for (const other of this.list({ subscriber })) {
      if (other.expiry?.state !== 'dropping') continue;
      throw new DbEventError(
        'SUBSCRIPTION_EXPIRING',
        `A subscription of "${subscriber}" is expiring and its queue is being deleted: retry later`,
        { retryable: true },
      );
    }
  }

  /** Resolves when no manager routes by the subscription any more. Keeps the queue and its events. */
  async remove(publisher: string, subscriber: string): Promise<RemoveOutcome> {
    check({ publisher, subscriber });
    return this.map.remove(publisher, subscriber);
  }
}

function check({ publisher, subscriber }: Subscription): void {
  for (const name of [publisher, subscriber]) {
    const fault = serviceNameFault(name);
    if (fault !== undefined) {
      throw new DbEventError('SERVICE_NAME_INVALID', `"${name}" is not a valid service name: ${fault}`);
    }
  }
  if (publisher === subscriber) {
    throw new DbEventError('SUBSCRIPTION_INVALID', `"${subscriber}" can't subscribe to itself`);
  }
}
