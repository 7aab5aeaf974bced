/**
 * A subscription that the event manager has ended, because its subscriber was away or it was paused for a long time,
 * and its queue grew past the limit:
 *
 *   (routed) -> dropping -> dropped -(subscribes again)-> returned -(has rebuilt its replica)-> (routed, no expiry)
 *
 * Events are routed to it until `dropping` and again from `returned`; the events in between are lost to it.
 */
export interface SubscriptionExpiry {
  /** ms since 1970. */
  readonly sinceMs: number;
  /** `dropping`: its queue is being deleted; it can't be subscribed again before that is done. */
  readonly state: 'dropping' | 'dropped' | 'returned';
  /** Only in `dropping`: the event manager that deletes the queue. */
  readonly by?: string | undefined;
  /**
   * Only in `dropping` and `dropped`: it was paused, and its own queue grew past the limit. Only that queue is deleted;
   * the service's queue stays, and resuming the subscription ends the expiry.
   */
  readonly ofPaused?: true | undefined;
}

const STATES: readonly unknown[] = ['dropping', 'dropped', 'returned'] satisfies SubscriptionExpiry['state'][];

/** Reads an expiry from parsed JSON; undefined for any other value. */
export function expiryOf(value: unknown): SubscriptionExpiry | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { sinceMs, state, by, ofPaused } = value as Partial<Record<keyof SubscriptionExpiry, unknown>>;
  if (!Number.isSafeInteger(sinceMs) || !STATES.includes(state)) return undefined;
  return {
    sinceMs: sinceMs as number,
    state: state as SubscriptionExpiry['state'],
    ...(typeof by === 'string' && { by }),
    ...(ofPaused === true && { ofPaused }),
  };
}

export function isSameExpiry(left: SubscriptionExpiry | undefined, right: SubscriptionExpiry | undefined): boolean {
  return (
    left?.sinceMs === right?.sinceMs &&
    left?.state === right?.state &&
    left?.by === right?.by &&
    left?.ofPaused === right?.ofPaused
  );
}
