/** A reason why the events of a subscription wait. It ends when its owner ends it, whatever other reasons there are. */
export interface SubscriptionPause {
  /** Who paused it. */
  readonly by: string;
  /** ms since 1970. */
  readonly sinceMs: number;
}

type Pauses = readonly SubscriptionPause[] | undefined;

interface Pausable {
  readonly pauses?: Pauses;
}

/** Reads pauses from parsed JSON, without those that are invalid. */
export function pausesOf(value: unknown): readonly SubscriptionPause[] {
  return Array.isArray(value) ? sorted(value.flatMap(pauseOf)) : [];
}

/** The subscription, paused by `by` as well. A pause that `by` has begun before keeps its time. */
export function pausedBy<Paused extends Pausable>(subscription: Paused, by: string, nowMs: number): Paused {
  const { pauses = [] } = subscription;
  const isKnown = pauses.some((pause) => pause.by === by);
  return isKnown ? subscription : { ...subscription, pauses: sorted([...pauses, { by, sinceMs: nowMs }]) };
}

/** The subscription without the pause of `by`. */
export function resumedBy<Paused extends Pausable>(subscription: Paused, by: string): Paused {
  const { pauses = [] } = subscription;
  return { ...subscription, pauses: pauses.filter((pause) => pause.by !== by) };
}

export function isPaused({ pauses = [] }: Pausable): boolean {
  return pauses.length > 0;
}

export function isSamePauses(left: Pauses, right: Pauses): boolean {
  return textOf(left) === textOf(right);
}

function pauseOf(value: unknown): SubscriptionPause[] {
  if (typeof value !== 'object' || value === null) return [];
  const { by, sinceMs } = value as Partial<Record<keyof SubscriptionPause, unknown>>;
  return typeof by === 'string' && Number.isSafeInteger(sinceMs) ? [{ by, sinceMs: sinceMs as number }] : [];
}

function sorted(pauses: readonly SubscriptionPause[]): readonly SubscriptionPause[] {
  return pauses.toSorted((left, right) => (left.by < right.by ? -1 : 1));
}

function textOf(pauses: Pauses = []): string {
  return JSON.stringify(pauses.map(({ by, sinceMs }) => [by, sinceMs]));
}
