import { type Subscription, type SubscriptionDelivery } from '@dbem/db-event';
import { Broker, declarePausedQueue } from '@dbem/transport';
import { Injectable, NotFoundException } from '@nestjs/common';
import { AgreedMap } from '../map/agreed-map';

/** Pauses and resumes subscriptions; `PausedQueues` moves on what waited. See `SubscriptionDelivery` for the states. */
@Injectable()
export class SubscriptionDeliveries {
  constructor(
    private readonly map: AgreedMap,
    private readonly broker: Broker,
  ) {}

  /** Resolves when no live manager sends the subscription's events to the service any more. What it has, it has. */
  async pause(publisher: string, subscriber: string): Promise<Subscription> {
    if (this.map.current.get(publisher, subscriber) === undefined) return unknown(publisher, subscriber);
    // The queue comes first: a map that names a queue that is not there would lose events.
    await declarePausedQueue(this.broker.topology, publisher, subscriber);
    return this.become(publisher, subscriber, () => 'paused');
  }

  /** Resolves when every manager knows. Does nothing to a subscription that is not paused. */
  resume(publisher: string, subscriber: string): Promise<Subscription> {
    return this.become(publisher, subscriber, (present) => (present === 'paused' ? 'resuming' : present));
  }

  private async become(
    publisher: string,
    subscriber: string,
    next: (present: SubscriptionDelivery | undefined) => SubscriptionDelivery | undefined,
  ): Promise<Subscription> {
    const outcome = await this.map.update(publisher, subscriber, (present) => ({
      ...present,
      delivery: next(present.delivery),
    }));
    const subscription = this.map.current.get(publisher, subscriber);
    return outcome === 'absent' || subscription === undefined ? unknown(publisher, subscriber) : subscription;
  }
}

export function unknown(publisher: string, subscriber: string): never {
  throw new NotFoundException(`"${subscriber}" does not subscribe to "${publisher}".`);
}
