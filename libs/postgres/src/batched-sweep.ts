import { DbEventError, type Lifecycle } from '@dbem/db-event';
import { type Log, PeriodicTask, pause, SILENT_LOG } from '@dbem/runtime';
import type { Pool, PoolClient } from 'pg';
import { inExclusiveTransaction } from './exclusive-transaction';
import { transientKindOf } from './transient-errors';

export interface SweptBatch<Place> {
  /** Rows that are gone. */
  readonly swept: number;
  /** Where the next batch begins; undefined: this was the last one. */
  readonly next: Place | undefined;
}

export interface BatchedSweepOptions {
  /** What is swept, for the log: "tombstones". */
  readonly what: string;
  /** The advisory lock under which one instance sweeps at a time. */
  readonly lock: number;
  /** Between two sweeps, half of it by chance. */
  readonly intervalMs: number;
  readonly log?: Log | undefined;
}

const PAUSE_BETWEEN_BATCHES_MS = 50;

/**
 * Removes old rows in batches, each in a transaction of its own, once an interval. Any instance may do it, one at a time.
 *
 *   idle -start-> waiting -(interval)-> sweeping -> waiting …; any -stop-> ends after the batch under way -> stopped
 */
export abstract class BatchedSweep<Place> implements Lifecycle {
  private readonly stopping = new AbortController();
  private readonly sweeping: PeriodicTask;
  private readonly log: Log;

  constructor(
    private readonly pool: Pool,
    private readonly sweepOptions: BatchedSweepOptions,
  ) {
    const { what, intervalMs, log = SILENT_LOG } = sweepOptions;
    this.log = log;
    this.sweeping = new PeriodicTask(() => this.sweep(), {
      intervalMs,
      firstRunAfterMs: intervalMs,
      // Instances that started together do not sweep together.
      jitter: 0.5,
      onError: (error) => {
        if (!(error instanceof DbEventError) && transientKindOf(error) === undefined) throw error;
        log.warn({ err: error }, `could not sweep old ${what}; trying again later`);
      },
    });
  }

  start(): Promise<void> {
    return this.sweeping.start();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.sweeping.stop();
  }

  /** Sweeps what is old now. @returns how many rows went; those of an instance that sweeps already are not ours. */
  async sweep(): Promise<number> {
    const { what, lock } = this.sweepOptions;
    let total = 0;
    let place: Place | undefined;
    while (!this.stopping.signal.aborted) {
      const batch = await inExclusiveTransaction(this.pool, lock, (client) => this.sweepBatch(client, place));
      total += batch?.swept ?? 0;
      place = batch?.next;
      if (place === undefined) break;
      await pause(PAUSE_BETWEEN_BATCHES_MS, this.stopping.signal);
    }
    if (total > 0) this.log.info({ rows: total }, `swept old ${what} of entities`);
    return total;
  }

  /** @param from where the batch before ended; undefined for the first one. */
  protected abstract sweepBatch(client: PoolClient, from: Place | undefined): Promise<SweptBatch<Place>>;
}
