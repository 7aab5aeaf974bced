/**
 * A subscription ended by the event manager, because its subscriber stayed away, or it was paused for long, and a queue grew past
 * the limit:
 *
 *   (routed) -> dropping -> dropped -(the subscriber asks again)-> returned -(it has rebuilt itself)-> (routed, no expiry)
 *
 * Events are routed to it before, and again once it has returned; those in between are lost to it.
 */
export interface SubscriptionExpiry {
  /** ms since 1970. */
  readonly sinceMs: number;
  /** `dropping`: its queue is about to be deleted, and it can't be made again before that is done. */
  readonly state: 'dropping' | 'dropped' | 'returned';
  /** Of `dropping`: the event manager that does it. */
  readonly by?: string | undefined;
  /**
   * Of `dropping` and `dropped`: it was paused, and what waited for it alone grew past the limit. Only that goes; the service's own
   * queue stays, and whoever resumes the subscription ends the expiry.
   */
  readonly ofPaused?: true | undefined;
}

const STATES: readonly unknown[] = ['dropping', 'dropped', 'returned'] satisfies SubscriptionExpiry['state'][];

/** Reads what was written as JSON; undefined for anything else. */
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
