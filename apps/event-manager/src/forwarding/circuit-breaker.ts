import type { Unavailability, UnavailableQueue } from '@dbem/observation';
import { Backoff } from '@dbem/runtime';

/** A probe waits longer for its confirm each time, ms: an unanswered one may be in the queue and is published again. */
export const PROBE_TIMEOUT = { initialMs: 5_000, maxMs: 60_000 };

export type OpenState = Pick<UnavailableQueue, 'cause' | 'sinceMs'>;

/**
 * Decides whether events go directly to a queue, and when to try it again.
 *
 *   closed -(the queue fails)-> open -(backoff)-> half-open: one probe -(confirmed)-> closed
 *                                 ^------(failed)------+
 */
export class CircuitBreaker {
  private readonly backoff = new Backoff({ initialMs: 250, maxMs: 5_000 });
  private open: OpenState | undefined;

  /** Undefined while it is closed. */
  get state(): OpenState | undefined {
    return this.open;
  }

  /** @returns whether it was closed. The first cause and time stay. */
  trip(cause: Unavailability): boolean {
    if (this.open !== undefined) return false;
    this.open = { cause, sinceMs: Date.now() };
    return true;
  }

  /** Delay before the next probe, ms; longer each time. */
  nextProbeMs(): number {
    return this.backoff.next();
  }

  close(): void {
    this.open = undefined;
  }

  /** The queue has confirmed events: the next failure is a new one. */
  confirmed(): void {
    this.backoff.reset();
  }
}
