import { Broker, parkedQueueOf, pausedQueueOf, QueueContents, serviceQueueOf } from '@dbem/transport';
import { ConflictException, Injectable } from '@nestjs/common';
import { SubscriptionService } from './subscription.service';
import { unknown } from './subscription-deliveries';

/** Deletes subscriptions, with or without their queues. Parked events always stay. */
@Injectable()
export class SubscriptionRemovals {
  constructor(
    private readonly subscriptions: SubscriptionService,
    private readonly broker: Broker,
    private readonly contents: QueueContents,
  ) {}

  /**
   * `keep`: keeps the service's queue with its events. `delete`: deletes the queue, which requires that this is the
   * service's only subscription. After a crash in between, repeat the call to finish.
   *
   * @throws ConflictException if this would delete events of other subscriptions, or waiting events despite `keep`.
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
    const queue = pausedQueueOf(publisher, subscriber);
    const messages = (await this.broker.topology.inspectQueue(queue))?.messages ?? 0;
    if (messages === 0) return;
    const waiting = this.contents.eventsIn(queue, messages);
    throw new ConflictException(
      `${waiting} events of the subscription wait because it is or was paused: resume it first, or set queue=delete.`,
    );
  }

  private checkOnlySubscription(publisher: string, subscriber: string): void {
    const others = this.subscriptions.list({ subscriber }).filter((other) => other.publisher !== publisher);
    if (others.length === 0) return;
    throw new ConflictException(
      `"${subscriber}" also subscribes to ${others.map((other) => `"${other.publisher}"`).join(', ')}, so its queue may contain their events: remove those subscriptions first, or set queue=keep. Parked events are in ${parkedQueueOf(subscriber)}.`,
    );
  }
}
