import { Broker, parkedQueueOf, pausedQueueOf, serviceQueueOf } from '@dbem/transport';
import { ConflictException, Injectable } from '@nestjs/common';
import { SubscriptionService } from './subscription.service';
import { unknown } from './subscription-deliveries';

/** Ends subscriptions for good, with what waits for them, or without. Parked events always stay. */
@Injectable()
export class SubscriptionRemovals {
  constructor(
    private readonly subscriptions: SubscriptionService,
    private readonly broker: Broker,
  ) {}

  /**
   * `keep`: the service's queue stays, with the events in it. `delete`: it goes, if nothing else subscribes it to anything;
   * after a crash in the middle, the same call finishes it.
   *
   * @throws ConflictException where this would take events away that the caller did not mean.
   */
  async remove(publisher: string, subscriber: string, queue: 'keep' | 'delete'): Promise<void> {
    if (queue === 'keep') await this.checkNothingWaits(publisher, subscriber);
    else this.checkOnlySubscription(publisher, subscriber);
    const outcome = await this.subscriptions.remove(publisher, subscriber);
    const { topology } = this.broker;
    await topology.deleteQueue(pausedQueueOf(publisher, subscriber));
    const isLeft = (await topology.inspectQueue(serviceQueueOf(subscriber))) !== undefined;
    if (outcome === 'absent' && !(queue === 'delete' && isLeft)) unknown(publisher, subscriber);
    if (queue === 'delete') await topology.deleteQueue(serviceQueueOf(subscriber));
  }

  private async checkNothingWaits(publisher: string, subscriber: string): Promise<void> {
    if (this.subscriptions.find(publisher, subscriber)?.delivery === undefined) return;
    const waiting = (await this.broker.topology.inspectQueue(pausedQueueOf(publisher, subscriber)))?.messages ?? 0;
    if (waiting === 0) return;
    throw new ConflictException(
      `The subscription is paused and ${waiting} events wait for it: resume it first, or delete its queue as well.`,
    );
  }

  private checkOnlySubscription(publisher: string, subscriber: string): void {
    const others = this.subscriptions.list({ subscriber }).filter((other) => other.publisher !== publisher);
    if (others.length === 0) return;
    throw new ConflictException(
      `"${subscriber}" also subscribes to ${others.map((other) => `"${other.publisher}"`).join(', ')}: its queue holds their events too. What is parked is in ${parkedQueueOf(subscriber)}.`,
    );
  }
}
