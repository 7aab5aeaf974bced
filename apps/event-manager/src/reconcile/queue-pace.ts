import { pause } from '@dbem/platform';
import { Pace, type RunOptions } from '@dbem/reconcile';
import { type Broker, MANAGER_QUEUE, serviceQueueOf } from '@dbem/transport';

const LOOK_INTERVAL_MS = 100;
const DRAIN_TIMEOUT_MS = 60_000;

/**
 * Sends at most so many rows a second, and nothing while too many messages wait for the subscriber or for the managers: live
 * changes queue behind few rows. While the broker can't be asked it waits.
 */
export class QueuePace extends Pace {
  private nextAtMs = 0;

  constructor(
    private readonly broker: Broker,
    private readonly subscriber: string,
    private readonly options: RunOptions,
    private readonly stopping: AbortSignal,
  ) {
    super();
  }

  async admit(rows: number, keepOn: () => Promise<void>): Promise<void> {
    const nowMs = Date.now();
    const startMs = Math.max(nowMs, this.nextAtMs);
    this.nextAtMs = startMs + (rows / this.options.maxRowsPerSecond) * 1_000;
    await pause(startMs - nowMs, this.stopping);
    while (!this.stopping.aborted && (await this.waiting()) > this.options.maxQueueDepth) {
      await keepOn();
      await pause(LOOK_INTERVAL_MS, this.stopping);
    }
  }

  async drained(keepOn: () => Promise<void>): Promise<void> {
    const deadlineMs = Date.now() + DRAIN_TIMEOUT_MS;
    while (!this.stopping.aborted && Date.now() < deadlineMs && (await this.waiting()) > 0) {
      await keepOn();
      await pause(LOOK_INTERVAL_MS, this.stopping);
    }
  }

  private async waiting(): Promise<number> {
    const queues = [serviceQueueOf(this.subscriber), MANAGER_QUEUE];
    try {
      const states = await Promise.all(queues.map((name) => this.broker.topology.inspectQueue(name)));
      return Math.max(...states.map((state) => state?.messages ?? 0));
    } catch {
      // No broker: nothing can be sent now, and asking again tells when it can.
      return Number.POSITIVE_INFINITY;
    }
  }
}
