import type { Subscription, SubscriptionMap } from '@dbem/db-event';
import { unlessAborted } from '@dbem/runtime';
import { Inject, Injectable } from '@nestjs/common';
import {
  type PutOptions,
  type PutOutcome,
  type RemoveOutcome,
  SubscriptionRegistry,
  type UpdateOutcome,
} from '../subscription-registry.port';
import { MapRollout } from './map-rollout';

/**
 * Changes the map: each change resolves when every manager that is live or consumes events routes by it. The whole
 * application changes the map only through this class.
 *
 * Rejects like the registry and `MapRollout.rollOut`. The change may have been made by then, so make it again.
 */
@Injectable()
export class SubscriptionMapEditor {
  constructor(
    private readonly registry: SubscriptionRegistry,
    @Inject(MapRollout) private readonly rollout: Pick<MapRollout, 'rollOut'>,
  ) {}

  get current(): SubscriptionMap {
    return this.registry.map;
  }

  /** Resolves when the map has been read for the first time, or when `signal` is aborted. */
  async loaded(signal: AbortSignal): Promise<void> {
    await unlessAborted(this.registry.loaded(), signal);
  }

  async put(subscription: Subscription, options?: PutOptions): Promise<PutOutcome> {
    const outcome = await this.registry.put(subscription, options);
    await this.rollout.rollOut(subscription.publisher);
    return outcome;
  }

  async update(
    publisher: string,
    subscriber: string,
    change: (present: Subscription) => Subscription | undefined,
  ): Promise<UpdateOutcome> {
    const outcome = await this.registry.update(publisher, subscriber, change);
    await this.rollout.rollOut(publisher);
    return outcome;
  }

  async remove(publisher: string, subscriber: string): Promise<RemoveOutcome> {
    const outcome = await this.registry.remove(publisher, subscriber);
    await this.rollout.rollOut(publisher);
    return outcome;
  }
}
