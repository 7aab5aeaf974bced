import type { Destination } from './destination';

/** An event that waits longer for its queue's confirm makes the queue slow, ms. */
const SLOW_MS = 5_000;

/** A queue for which no event waits longer is prompt, ms. */
const PROMPT_MS = 1_000;

/**
 * Finds the queues that hold up others: they confirm so late that the deliveries which wait for them fill the intake's
 * window. A queue is slow only beside a prompt one, and only while the broker answers: in a backlog that all queues
 * share, and while the broker or this process stands still, none is slow.
 */
export class SlowDestinations {
  private suspected = new Set<Destination>();
  private answeredMs = 0;

  /**
   * To be called while the window is full.
   *
   * @param nowMs by the clock of `oldestUnconfirmedMs`.
   * @param answeredMs see `Broker.answeredMs`.
   * @returns those that are slow in two calls in a row: after a standstill confirms may come in any order.
   */
  check(destinations: readonly Destination[], nowMs: number, answeredMs: number): Destination[] {
    const hasAnswered = answeredMs > this.answeredMs;
    this.answeredMs = answeredMs;
    const waits = (destination: Destination) => nowMs - destination.oldestUnconfirmedMs;
    const isAnyPrompt = destinations.some((destination) => waits(destination) < PROMPT_MS);
    const slow = hasAnswered && isAnyPrompt ? destinations.filter((each) => waits(each) > SLOW_MS) : [];
    const found = slow.filter((destination) => this.suspected.has(destination));
    this.suspected = new Set(slow);
    return found;
  }
}
