import { type RunOptions, Throttle } from '@dbem/reconcile';
import { pause } from '@dbem/runtime';
import { type Broker, INTAKE_QUEUE, type QueueContents, serviceQueueOf } from '@dbem/transport';

const CHECK_INTERVAL_MS = 100;

/**
 * Limits a run to `maxRowsPerSecond`, and pauses it while more than `maxQueueDepth` events wait for the subscriber
 * or for the managers, so that live changes queue behind few rows. Also waits while the broker is unavailable.
 */
export class QueueThrottle extends Throttle {
  private nextAtMs = 0;

  constructor(
    private readonly broker: Broker,
    private readonly contents: Pick<QueueContents, 'eventsIn'>,
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
      await pause(CHECK_INTERVAL_MS, this.stopping);
    }
  }

  /**
   * True if no messages are ready; unacknowledged ones do not count, so a consumer that keeps up has a clear queue.
   */
  async isClear(): Promise<boolean> {
    return (await this.waiting()) === 0;
  }

  private async waiting(): Promise<number> {
    const queues = [serviceQueueOf(this.subscriber), INTAKE_QUEUE];
    try {
      const depths = queues.map(async (name) => {
        const state = await this.broker.topology.inspectQueue(name);
        return this.contents.eventsIn(name, state?.messages ?? 0);
      });
      return Math.max(...(await Promise.all(depths)));
    } catch {
      // The broker is unavailable, so nothing can be sent now; the caller checks again.
      return Number.POSITIVE_INFINITY;
    }
  }
}
