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
  /**
   * The expiry after which the subscriber has rebuilt its replica; if it is the subscription's latest, it is cleared.
   */
  readonly rebuiltSinceMs?: number | undefined;
}
export type RemoveOutcome = 'removed' | 'absent';

/** The new state of a subscription; undefined: unchanged. */
export type Decision = Subscription | 'removed' | undefined;
/** A decision, and the state on which it was based. */
export interface Decided {
  readonly present: Subscription | undefined;
  readonly decision: Decision;
}

/** A live event manager. */
export interface Member {
  /** Unique per manager process. */
  readonly id: string;
  /** The newest map change that this manager routes by; never decreases. */
  readonly appliedRevision: bigint;
  /** ms since 1970. */
  readonly startedAtMs: number;
  readonly host: string;
  readonly pid: number;
}

export interface RegistryHealth {
  /** `degraded`: routing continues from memory, changes are rejected. */
  readonly status: 'loading' | 'ready' | 'degraded' | 'stopped';
  readonly lastFault?: string;
  /** How often the map became current again after the store was lost. */
  readonly reconnects: number;
  /** Start of the current status, ms since 1970. */
  readonly sinceMs: number;
}

/**
 * The subscription map that all managers share.
 *
 * While the store is unavailable, `map` stays unchanged, `put` and `remove` reject with MAP_UNAVAILABLE (retryable),
 * and the health status is `degraded`. When the store is back, the map is read again, including the changes of other
 * managers. Meanwhile this manager is not a member, and nobody waits for it: other managers must publish their changes
 * to it by other means, see `report` and `learn`.
 *
 * If the caller crashes during `put` or `remove`, the change may or may not have been made; both calls are idempotent,
 * so call them again.
 */
export abstract class SubscriptionRegistry implements Lifecycle {
  /** Does not wait for the store: see `loaded`. */
  abstract start(): Promise<void>;
  abstract stop(): Promise<void>;

  /**
   * Resolves when the map has been read for the first time and this manager is a member; route no events before that.
   */
  abstract loaded(): Promise<void>;

  /** The map as this manager knows it now. */
  abstract readonly map: SubscriptionMap;

  /** Calls `listener` after each change of `map`, with the new map. @returns a function that removes the listener. */
  abstract onChange(listener: (map: SubscriptionMap) => void): () => void;

  /**
   * Makes the subscription durable and resolves when **every live manager** routes by it: an event that reaches any
   * manager afterwards is delivered to the subscriber. An existing subscription with another filter is replaced; its
   * `pauses` stay, so that a service that subscribes again at its start does not undo a pause.
   *
   * Rejects with MAP_UNAVAILABLE (not durable, or unknown), ROLLOUT_TIMEOUT (durable, but a live manager has not
   * confirmed in time that it routes by it), or SUBSCRIPTION_EXPIRING; all retryable. An `expiry` of `wanted` is
   * ignored: an expired subscription that is put again has returned (see `SubscriptionExpiry`).
   */
  async put(wanted: Subscription, { rebuiltSinceMs }: PutOptions = {}): Promise<PutOutcome> {
    const { publisher, subscriber } = wanted;
    const { present, decision } = await this.change(publisher, subscriber, (found) =>
      ifChanged(found, { ...subscriptionAsked(found, wanted, rebuiltSinceMs), pauses: found?.pauses }),
    );
    if (decision === undefined) return 'unchanged';
    return present === undefined ? 'created' : 'changed';
  }

  /**
   * Replaces `present` with `next`, of the same publisher and subscriber, if it has not been changed. Resolves, when
   * every live manager routes by the outcome, with whether it was replaced. Rejects like `put`.
   */
  async replace(present: Subscription, next: Subscription): Promise<boolean> {
    const { decision } = await this.change(present.publisher, present.subscriber, (found) =>
      found !== undefined && isSameSubscription(found, present) ? normalizeSubscription(next) : undefined,
    );
    return decision !== undefined;
  }

  /**
   * Changes a subscription atomically: if another manager changes it between read and write, `change` is called again.
   * `change` returns undefined to leave the subscription unchanged. Resolves and rejects like `put`.
   */
  async update(
    publisher: string,
    subscriber: string,
    change: (present: Subscription) => Subscription | undefined,
  ): Promise<UpdateOutcome> {
    const { present, decision } = await this.change(publisher, subscriber, (found) =>
      ifChanged(found, found && change(found)),
    );
    if (present === undefined) return 'absent';
    return decision === undefined ? 'unchanged' : 'changed';
  }

  /** Resolves when no live manager routes by it any more. Rejects like `put`. */
  async remove(publisher: string, subscriber: string): Promise<RemoveOutcome> {
    const { decision } = await this.change(publisher, subscriber, (found) => found && 'removed');
    return decision === undefined ? 'absent' : 'removed';
  }

  /**
   * Reads a subscription and writes the result of `decide`; if another manager has changed it meanwhile, reads and
   * decides again. Resolves when every live manager routes by the outcome, even if another manager made it. Rejects
   * like `put`, or with what `decide` throws.
   */
  protected abstract change(
    publisher: string,
    subscriber: string,
    decide: (present: Subscription | undefined) => Decision,
  ): Promise<Decided>;

  /** A publisher's subscriptions as this manager knows them, for other managers to `learn`. */
  abstract report(publisher: string): PublisherReport;

  /** Routes by another manager's report, until the store has been read up to the report's revision. */
  abstract learn(report: PublisherReport): void;

  /**
   * Resolves when this manager is certainly a member and its map contains every change that was in the store at the
   * time of the call. Rejects with MAP_UNAVAILABLE.
   */
  abstract refresh(): Promise<void>;

  /** The prefix of this manager's member id. */
  abstract readonly selfId: string;

  /**
   * Resolves with a number that is higher than all that managers got from it before: the order in which they became
   * responsible for something. Rejects with MAP_UNAVAILABLE.
   */
  abstract nextTerm(): Promise<number>;

  /** The live managers, including this one. Rejects with MAP_UNAVAILABLE. */
  abstract members(): Promise<Member[]>;

  abstract health(): RegistryHealth;
}

/** `wanted` in its normal form; undefined if it equals `present`. */
function ifChanged(present: Subscription | undefined, wanted: Subscription | undefined): Subscription | undefined {
  const next = wanted && normalizeSubscription({ ...wanted, generation: present?.generation });
  return present !== undefined && next !== undefined && isSameSubscription(present, next) ? undefined : next;
}
