import type { DbEventError, Subscription } from '@dbem/db-event';
import type { Destination as RoutedTo } from '@dbem/routing';
import type { ForwardedEvent } from './forwarded-event';
import { PausedSubscription, type PausedSubscriptionOptions } from './paused-subscription';
import { ReturnedEvent } from './returned-event';

export interface PausedSubscriptionsOptions extends PausedSubscriptionOptions {
  /** The paused ones, by the map of this moment. */
  readonly paused: () => readonly Subscription[];
}

/** The subscriptions that are paused, or whose events may still wait. */
export class PausedSubscriptions {
  /** By publisher and subscriber. */
  private readonly subscriptions = new Map<string, PausedSubscription>();

  constructor(private readonly options: PausedSubscriptionsOptions) {}

  get(publisher: string, subscriber: string): PausedSubscription | undefined {
    return this.subscriptions.get(keyOf(publisher, subscriber));
  }

  of(publisher: string, subscriber: string): PausedSubscription {
    let subscription = this.get(publisher, subscriber);
    if (subscription === undefined) {
      subscription = new PausedSubscription(publisher, subscriber, this.options);
      this.subscriptions.set(keyOf(publisher, subscriber), subscription);
    }
    return subscription;
  }

  /** Where the event waits; undefined: it goes to the service's queue. */
  waitingFor(event: ForwardedEvent, { service, isPaused, messageFormat }: RoutedTo): PausedSubscription | undefined {
    const { publisher } = event.event;
    if (isPaused) return this.of(publisher, service);
    if (messageFormat !== undefined || this.subscriptions.size === 0 || event instanceof ReturnedEvent)
      return undefined;
    // A receiver of single messages has no version gate: it must get older events first.
    const subscription = this.get(publisher, service);
    return subscription?.isDraining === true ? subscription : undefined;
  }

  /** The map has changed. */
  update(): void {
    for (const { publisher, subscriber } of this.options.paused()) this.of(publisher, subscriber);
    for (const [key, subscription] of this.subscriptions) {
      subscription.update();
      if (subscription.isIdle) this.subscriptions.delete(key);
    }
  }

  async stop(error: DbEventError): Promise<void> {
    await Promise.all([...this.subscriptions.values()].map((subscription) => subscription.stop(error)));
  }
}

/** Service names contain no `~`. */
function keyOf(publisher: string, subscriber: string): string {
  return `${publisher}~${subscriber}`;
}
