import { PeriodicTask } from '@dbem/runtime';
import type { QueueState } from '../broker.port';

/** Between two looks, ms, if nothing else is wanted. */
const DEFAULT_CHECK_INTERVAL_MS = 2_000;

/** After so many looks without a delivery the attachment is made anew. */
const QUIET_CHECKS = 5;

/** A consumption, as it is watched. */
export interface Watched {
  readonly isRegistered: boolean;
  /** Nothing is being handled, and nothing waits for its acknowledgement. */
  readonly isIdle: boolean;
  /** How many deliveries have come so far. */
  readonly deliveries: number;
  inspect(): Promise<QueueState | undefined>;
  /** The attachment is a mere appearance. */
  onStuck(reason: string): void;
  /** Nothing has come for long: time to make sure of the attachment by making it anew. */
  onQuiet(): void;
}

/**
 * Finds out whether a consumption that hears nothing is deaf. When a quorum queue is deleted and declared again within some
 * 50 ms, RabbitMQ (3.10) takes its consumers along without a word, or moves them to the new queue and then loses what that
 * delivers. The first shows in the queue's figures; the second shows nowhere, so a consumption that is quiet for
 * long is attached anew in any case.
 *
 *   quiet -(a delivery)-> busy -> quiet;  quiet -(no such queue, no consumer, messages at two looks)-> deaf
 *
 * What is busy is not judged.
 */
export class StuckConsumerMonitor {
  private readonly looking: PeriodicTask;
  private deliveriesSeen = -1;
  private quietChecks = 0;
  private hadMessages = false;

  constructor(
    private readonly watched: Watched,
    checkIntervalMs = DEFAULT_CHECK_INTERVAL_MS,
  ) {
    this.looking = PeriodicTask.every(checkIntervalMs, () => this.look());
  }

  /** It has just been attached: what was seen before no longer counts. */
  reset(): void {
    this.deliveriesSeen = -1;
    this.quietChecks = 0;
    this.hadMessages = false;
  }

  stop(): void {
    void this.looking.stop();
  }

  private async look(): Promise<void> {
    if (!this.watched.isRegistered) return;
    try {
      const state = await this.watched.inspect();
      if (this.watched.isRegistered) this.judge(state);
    } catch {
      // The broker can't be asked: the connection is being lost, which is noticed without this.
    }
  }

  private judge(state: QueueState | undefined): void {
    const { deliveries, isIdle } = this.watched;
    const isQuiet = isIdle && deliveries === this.deliveriesSeen;
    this.deliveriesSeen = deliveries;
    this.quietChecks = isQuiet ? this.quietChecks + 1 : 0;
    const hadMessages = isQuiet && this.hadMessages;
    this.hadMessages = isQuiet && state !== undefined && state.messages > 0;
    if (!isQuiet) return;
    if (state === undefined) this.watched.onStuck('there is no such queue');
    else if (state.consumers === 0) this.watched.onStuck('the queue has no consumer');
    else if (hadMessages && this.hadMessages) this.watched.onStuck('the queue has messages and delivers none');
    else if (this.quietChecks >= QUIET_CHECKS) this.watched.onQuiet();
  }
}
