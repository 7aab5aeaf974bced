import {
  isSameSubscription,
  type Lifecycle,
  normalizeSubscription,
  type Subscription,
  type SubscriptionMap,
  subscriptionAsked,
} from '@dbem/db-event';
import type { PublisherReport } from './known-map';

export type PutOutcome = 'created' | 'changed' | 'unchanged';
export type UpdateOutcome = 'changed' | 'unchanged' | 'absent';
export interface PutOptions {
  /** The expiry after which the subscriber has rebuilt itself; if it is the subscription's last, it is forgotten. */
  readonly rebuiltSinceMs?: number | undefined;
}
export type RemoveOutcome = 'removed' | 'absent';

/** What a subscription is to become; undefined: what it is. */
export type Decision = Subscription | 'removed' | undefined;
/** What was decided, and upon what. */
export interface Decided {
  readonly present: Subscription | undefined;
  readonly decision: Decision;
}

/** A live event manager. */
export interface Member {
  /** Unique per manager process. */
  readonly id: string;
  /** The newest map change that this manager routes by; grows. */
  readonly appliedRevision: bigint;
  /** ms since 1970. */
  readonly startedAtMs: number;
  readonly host: string;
  readonly pid: number;
}

export interface RegistryHealth {
  /** `degraded`: routing goes on from memory, changes are refused. */
  readonly status: 'loading' | 'ready' | 'degraded' | 'stopped';
  readonly lastFault?: string;
  /** How often the map became current again after the store had been lost. */
  readonly reconnects: number;
  /** Since when, ms since 1970. */
  readonly sinceMs: number;
}

/**
 * The subscription map that all managers share.
 *
 * While the store is away: `map` stays what it was, `put` and `remove` reject with MAP_UNAVAILABLE (retryable), health
 * says `degraded`. When it is back, the map is read again, so that changes made meanwhile by other managers are seen.
 * Meanwhile this manager is no member, and nobody waits for it: who changes the map must tell it by other means, see
 * `report` and `learn`.
 *
 * A crash of the caller in the middle of `put` or `remove` may leave the change made or not made; both calls are
 * idempotent, so make it again.
 */
export abstract class SubscriptionRegistry implements Lifecycle {
  /** Does not wait for the store: see `loaded`. */
  abstract start(): Promise<void>;
  abstract stop(): Promise<void>;

  /** Resolves when the map has been read for the first time and this manager is a member; nothing may be routed before. */
  abstract loaded(): Promise<void>;

  /** The map as this manager knows it now. */
  abstract readonly map: SubscriptionMap;

  /** Calls `listener` after each change of `map`, with the new one. Returns what ends that. */
  abstract onChange(listener: (map: SubscriptionMap) => void): () => void;

  /**
   * Makes the subscription durable and resolves when **every live manager** routes by it: an event that reaches any
   * manager afterwards is delivered to the subscriber. A subscription that exists with another filter is replaced; its
   * `delivery` stays, so that a service which subscribes again at its start does not undo a pause.
   * Rejects with MAP_UNAVAILABLE (not durable, or not known whether), or ROLLOUT_TIMEOUT (durable, but a live manager
   * has not said in time that it routes by it), or SUBSCRIPTION_EXPIRING; all retryable. What is put has no expiry of its own: one
   * that had expired has returned (see `SubscriptionExpiry`).
   */
  async put(wanted: Subscription, { rebuiltSinceMs }: PutOptions = {}): Promise<PutOutcome> {
    const { publisher, subscriber } = wanted;
    const { present, decision } = await this.change(publisher, subscriber, (found) =>
      ifOther(found, { ...subscriptionAsked(found, wanted, rebuiltSinceMs), delivery: found?.delivery }),
    );
    if (decision === undefined) return 'unchanged';
    return present === undefined ? 'created' : 'changed';
  }

  /**
   * Puts `next` in the place of the same publisher's and subscriber's `present`, if it still is that; resolves, when every live
   * manager routes by the outcome, with whether it was. Rejects like `put`.
   */
  async replace(present: Subscription, next: Subscription): Promise<boolean> {
    const { decision } = await this.change(present.publisher, present.subscriber, (found) =>
      found !== undefined && isSameSubscription(found, present) ? normalizeSubscription(next) : undefined,
    );
    return decision !== undefined;
  }

  /**
   * Changes a subscription by what it is at that moment: between the read and the write nobody else changes it; if somebody
   * did, `change` is called again. It answers undefined to leave the subscription as it is. Resolves and rejects like `put`.
   */
  async update(
    publisher: string,
    subscriber: string,
    change: (present: Subscription) => Subscription | undefined,
  ): Promise<UpdateOutcome> {
    const { present, decision } = await this.change(publisher, subscriber, (found) =>
      ifOther(found, found && change(found)),
    );
    if (present === undefined) return 'absent';
    return decision === undefined ? 'unchanged' : 'changed';
  }

  /** Resolves when every live manager has ceased to route by it. Rejects like `put`. */
  async remove(publisher: string, subscriber: string): Promise<RemoveOutcome> {
    const { decision } = await this.change(publisher, subscriber, (found) => found && 'removed');
    return decision === undefined ? 'absent' : 'removed';
  }

  /**
   * Reads a subscription, and writes what `decide` makes of it, if nobody else has changed it since; else reads and decides anew. Resolves
   * when every live manager routes by the outcome, also by one that others made. Rejects like `put`, and with what `decide` throws.
   */
  protected abstract change(
    publisher: string,
    subscriber: string,
    decide: (present: Subscription | undefined) => Decision,
  ): Promise<Decided>;

  /** What this manager has read of a publisher's subscriptions, for another manager to `learn`. */
  abstract report(publisher: string): PublisherReport;

  /** Routes by what another manager reports, from now on and until the store itself has been read as far. */
  abstract learn(report: PublisherReport): void;

  /**
   * Resolves when this manager is a member for certain, and its map holds every change that was in the store at the time of
   * the call. Rejects with MAP_UNAVAILABLE.
   */
  abstract refresh(): Promise<void>;
  /** What this manager's id among the members begins with. */
  abstract readonly selfId: string;

  /** The live managers, this one included. Rejects with MAP_UNAVAILABLE. */
  abstract members(): Promise<Member[]>;

  abstract health(): RegistryHealth;
}

/** In its normal form; undefined if it is what is there. */
function ifOther(present: Subscription | undefined, wanted: Subscription | undefined): Subscription | undefined {
  const next = wanted && normalizeSubscription(wanted);
  return present !== undefined && next !== undefined && isSameSubscription(present, next) ? undefined : next;
}
