import type { EntityType } from './entity-type';
import { isRouted, type Subscription } from './subscription';
import { isPaused } from './subscription-pause';

/**
 * All subscriptions, as an immutable value, so that an event is routed by one state of the map and never by a half-made
 * change. A change returns a new map that shares every unchanged publisher with the previous one.
 */
export class SubscriptionMap {
  static readonly EMPTY = new SubscriptionMap(new Map());

  /** Cached views of the whole map: slow to compute with many subscriptions, and read every second. */
  private readonly derived: {
    publisherNames?: readonly string[];
    subscriberNames?: readonly string[];
    routedSubscriberNames?: readonly string[];
    subscriptions?: readonly Subscription[];
    pausedSubscriptions?: readonly Subscription[];
  } = {};

  private constructor(private readonly publishers: ReadonlyMap<string, PublisherSubscriptions>) {}

  static of(subscriptions: Iterable<Subscription>): SubscriptionMap {
    const grouped = new Map<string, Map<string, Subscription>>();
    for (const subscription of subscriptions) {
      const group = grouped.get(subscription.publisher) ?? new Map<string, Subscription>();
      group.set(subscription.subscriber, subscription);
      grouped.set(subscription.publisher, group);
    }
    return new SubscriptionMap(new Map([...grouped].map(([name, group]) => [name, new PublisherSubscriptions(group)])));
  }

  /**
   * The services that receive an event of this publisher and entity type, sorted. The same array until the map changes.
   */
  subscribersOf(publisher: string, entityType: EntityType): readonly string[] {
    return this.publishers.get(publisher)?.subscribersOf(entityType) ?? NONE;
  }

  /** The services that receive a heartbeat of this publisher, sorted. The same array until the map changes. */
  heartbeatSubscribersOf(publisher: string): readonly string[] {
    return this.publishers.get(publisher)?.heartbeatSubscribers ?? NONE;
  }

  get(publisher: string, subscriber: string): Subscription | undefined {
    return this.publishers.get(publisher)?.subscriptions.get(subscriber);
  }

  /** Number of subscriptions. */
  get size(): number {
    let size = 0;
    for (const entry of this.publishers.values()) size += entry.subscriptions.size;
    return size;
  }

  hasPublisher(publisher: string): boolean {
    return this.publishers.has(publisher);
  }

  /** Sorted. */
  publisherNames(): readonly string[] {
    this.derived.publisherNames ??= Object.freeze([...this.publishers.keys()].sort());
    return this.derived.publisherNames;
  }

  /** Every service that subscribes to anything, sorted. */
  subscriberNames(): readonly string[] {
    this.derived.subscriberNames ??= namesOf(this.subscriptions());
    return this.derived.subscriberNames;
  }

  /**
   * Every service with at least one routed subscription, sorted; services whose subscriptions have all expired are left
   * out.
   */
  routedSubscriberNames(): readonly string[] {
    this.derived.routedSubscriberNames ??= namesOf(this.subscriptions().filter(isRouted));
    return this.derived.routedSubscriberNames;
  }

  /** All subscriptions including expired ones, sorted by publisher, then subscriber. */
  subscriptions(): readonly Subscription[] {
    this.derived.subscriptions ??= Object.freeze(this.publisherNames().flatMap((name) => this.subscriptionsTo(name)));
    return this.derived.subscriptions;
  }

  /** A publisher's subscriptions including expired ones, sorted by subscriber. */
  subscriptionsTo(publisher: string): readonly Subscription[] {
    return this.publishers.get(publisher)?.sorted ?? [];
  }

  /** Paused subscriptions including expired ones, sorted by publisher, then subscriber. */
  pausedSubscriptions(): readonly Subscription[] {
    this.derived.pausedSubscriptions ??= Object.freeze(this.subscriptions().filter(isPaused));
    return this.derived.pausedSubscriptions;
  }

  /**
   * This map with a publisher's subscriptions replaced by `subscriptions`; if these are empty, without the publisher.
   */
  withPublisher(publisher: string, subscriptions: Iterable<Subscription>): SubscriptionMap {
    const group = new Map([...subscriptions].map((subscription) => [subscription.subscriber, subscription]));
    const publishers = new Map(this.publishers);
    if (group.size > 0) publishers.set(publisher, new PublisherSubscriptions(group));
    else publishers.delete(publisher);
    return new SubscriptionMap(publishers);
  }

  with(subscription: Subscription): SubscriptionMap {
    const group = new Map(this.publishers.get(subscription.publisher)?.subscriptions);
    group.set(subscription.subscriber, subscription);
    return this.withPublisher(subscription.publisher, group.values());
  }

  without(publisher: string, subscriber: string): SubscriptionMap {
    const group = new Map(this.publishers.get(publisher)?.subscriptions);
    return group.delete(subscriber) ? this.withPublisher(publisher, group.values()) : this;
  }
}

const NONE: readonly string[] = Object.freeze([]);

function namesOf(subscriptions: readonly Subscription[]): readonly string[] {
  return Object.freeze([...new Set(subscriptions.map(({ subscriber }) => subscriber))].sort());
}

class PublisherSubscriptions {
  private bySubscriber: readonly Subscription[] | undefined;
  private readonly byEntityType = new Map<EntityType, readonly string[]>();

  readonly heartbeatSubscribers: readonly string[];

  constructor(readonly subscriptions: ReadonlyMap<string, Subscription>) {
    this.heartbeatSubscribers = this.namesWhere(({ heartbeats }) => heartbeats === true);
  }

  /** Sorted by subscriber. */
  get sorted(): readonly Subscription[] {
    this.bySubscriber ??= [...this.subscriptions.values()].sort((left, right) =>
      left.subscriber < right.subscriber ? -1 : 1,
    );
    return this.bySubscriber;
  }

  private namesWhere(matches: (subscription: Subscription) => boolean): readonly string[] {
    const matching = [...this.subscriptions.values()].filter(
      (subscription) => isRouted(subscription) && matches(subscription),
    );
    return Object.freeze(matching.map(({ subscriber }) => subscriber).sort());
  }

  subscribersOf(entityType: EntityType): readonly string[] {
    let subscribers = this.byEntityType.get(entityType);
    if (subscribers === undefined) {
      subscribers = this.namesWhere(({ entityTypes }) => entityTypes === undefined || entityTypes.includes(entityType));
      this.byEntityType.set(entityType, subscribers);
    }
    return subscribers;
  }
}
