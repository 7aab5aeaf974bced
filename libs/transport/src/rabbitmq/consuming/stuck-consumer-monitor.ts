import { PeriodicTask } from '@dbem/runtime';
import type { QueueState } from '../../broker.port';

const DEFAULT_CHECK_INTERVAL_MS = 2_000;

/** After this many checks without a delivery the consumer is re-registered. */
const IDLE_CHECKS = 5;

/** An idle consumer that is re-registered counts as registered for this time, ms: nothing has been lost. */
export const RE_REGISTRATION_MS = 5_000;

/** A consumer, as the monitor sees it. */
export interface MonitoredConsumer {
  /** At this moment: not while it is re-registered. */
  isRegistered(): boolean;
  /** No delivery is being handled or awaits its acknowledgement. */
  isIdle(): boolean;
  /** Total number of deliveries received. */
  deliveries(): number;
  inspect(): Promise<QueueState | undefined>;
  /** The broker no longer delivers to this consumer. */
  onStuck(reason: string): void;
  /** Nothing was delivered for a long time. The consumer should re-register, in case it is stuck. */
  onIdle(): void;
}

/**
 * Detects consumers that receive nothing because the broker has lost them. When a quorum queue is deleted and
 * redeclared within about 50 ms, RabbitMQ (3.10) either drops its consumers without a notification, or moves them to
 * the new queue and then loses what that delivers. The first is visible in the queue's state. The second is visible
 * nowhere, so a consumer that is idle for long is re-registered in any case.
 *
 *   idle -(a delivery)-> busy -> idle;  idle -(no such queue, no consumer, ready messages in two checks)-> stuck
 *
 * A busy consumer is not checked.
 */
export class StuckConsumerMonitor {
  private readonly checking: PeriodicTask;
  private deliveriesSeen = -1;
  private idleChecks = 0;
  private hadMessages = false;

  constructor(
    private readonly consumer: MonitoredConsumer,
    checkIntervalMs = DEFAULT_CHECK_INTERVAL_MS,
  ) {
    this.checking = PeriodicTask.every(checkIntervalMs, () => this.check());
  }

  /** To be called after each registration: discards earlier observations. */
  reset(): void {
    this.deliveriesSeen = -1;
    this.idleChecks = 0;
    this.hadMessages = false;
  }

  stop(): void {
    void this.checking.stop();
  }

  private async check(): Promise<void> {
    if (!this.consumer.isRegistered()) return;
    try {
      const state = await this.consumer.inspect();
      if (this.consumer.isRegistered()) this.evaluate(state);
    } catch {
      // The broker can't be reached; the lost connection is detected elsewhere.
    }
  }

  private evaluate(state: QueueState | undefined): void {
    const deliveries = this.consumer.deliveries();
    const wasIdle = this.consumer.isIdle() && deliveries === this.deliveriesSeen;
    this.deliveriesSeen = deliveries;
    this.idleChecks = wasIdle ? this.idleChecks + 1 : 0;
    const hadMessages = wasIdle && this.hadMessages;
    this.hadMessages = wasIdle && state !== undefined && state.messages > 0;
    if (!wasIdle) return;
    if (state === undefined) this.consumer.onStuck('the queue does not exist');
    else if (state.consumers === 0) this.consumer.onStuck('the broker lists no consumer for the queue');
    else if (hadMessages && this.hadMessages) this.consumer.onStuck('the queue has ready messages but delivers none');
    else if (this.idleChecks >= IDLE_CHECKS) this.consumer.onIdle();
  }
}
