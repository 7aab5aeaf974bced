import { DbEventError, type Lifecycle } from '@dbem/db-event';
import { type Log, PeriodicTask, pause, SILENT_LOG } from '@dbem/runtime';
import type { Pool, PoolClient } from 'pg';
import { inExclusiveTransaction } from './exclusive-transaction';
import { transientKindOf } from './transient-errors';

export interface SweptBatch<Place> {
  /** Deleted rows. */
  readonly swept: number;
  /** Where the next batch begins. Undefined: this was the last batch. */
  readonly next: Place | undefined;
}

export interface BatchedSweepOptions {
  /** What is swept, for the log; for example "tombstones". */
  readonly what: string;
  /** Advisory lock, so that only one instance sweeps at a time. */
  readonly lock: number;
  /** Time between two sweeps, of which half is random, ms. */
  readonly intervalMs: number;
  readonly log?: Log | undefined;
}

const PAUSE_BETWEEN_BATCHES_MS = 50;

/**
 * Deletes old rows periodically, in batches with a transaction each. Any instance may sweep, but only one at a time.
 *
 *   idle -start-> waiting -(interval)-> sweeping -> waiting …; any -stop-> finishes the current batch -> stopped
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
        log.warn({ what, err: error }, 'sweep failed; retrying after the interval');
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

  /** Sweeps once. @returns the number of rows that this instance deleted; 0 while another instance sweeps. */
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
    if (total > 0) this.log.info({ what, rows: total }, 'swept old rows');
    return total;
  }

  /** @param from `next` of the previous batch; undefined for the first one. */
  protected abstract sweepBatch(client: PoolClient, from: Place | undefined): Promise<SweptBatch<Place>>;
}
