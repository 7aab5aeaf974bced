import { DbEventError, type Lifecycle } from '@dbem/db-event';
import { inTransaction, transientKindOf } from '@dbem/postgres';
import { type Log, pause, SILENT_LOG } from '@dbem/runtime';
import type { Pool } from 'pg';

export interface TombstoneSweepOptions {
  /** How long a tombstone stays at least, ms; at least a day. Default: 30 days. */
  readonly minAgeMs?: number;
  /** Default: a day. */
  readonly intervalMs?: number;
  /** Rows looked at in one transaction. Default: 10,000. */
  readonly batchSize?: number;
  readonly log?: Log;
}

const DAY_MS = 24 * 60 * 60 * 1_000;
const PAUSE_BETWEEN_BATCHES_MS = 50;

/** Advisory lock of the publisher's database: one instance sweeps at a time. */
export const SWEEP_LOCK = 7_240_862;

/** Who publishes holds the key: its row is left, and looked at again by the next sweep. */
const SWEEP = `
  WITH part AS (
    SELECT entity_type, entity_id FROM db_event.entity_version
    WHERE (entity_type, entity_id) > ($1, $2) ORDER BY entity_type, entity_id LIMIT $3
  ), old AS (
    SELECT entity_type, entity_id FROM db_event.entity_version
    WHERE (entity_type, entity_id) > ($1, $2)
      AND (entity_type, entity_id) <= (SELECT entity_type, entity_id FROM part ORDER BY 1 DESC, 2 DESC LIMIT 1)
      AND deleted AND changed_at < now() - $4 * interval '1 ms'
    FOR UPDATE SKIP LOCKED
  ), swept AS (
    DELETE FROM db_event.entity_version AS present USING old
    WHERE present.entity_type = old.entity_type AND present.entity_id = old.entity_id
    RETURNING 1
  )
  SELECT entity_type, entity_id, (SELECT count(*) FROM part)::int AS seen, (SELECT count(*) FROM swept)::int AS swept
  FROM part ORDER BY 1 DESC, 2 DESC LIMIT 1`;

interface Batch {
  readonly entity_type: string;
  readonly entity_id: string;
  readonly seen: number;
  readonly swept: number;
}

/**
 * Removes old tombstones from the publisher's `entity_version`, so that the table grows with the entities that there are, not with
 * all that there ever were. Nothing asks for an old tombstone (see docs/reconcile.md); it need only outlive the statements that saw
 * the entity alive.
 *
 * It goes through the table in key order, batch by batch, once an interval: an index for it would take from every change that it is
 * written in place. Any instance may do it, one at a time.
 *
 *   idle -start-> waiting -(interval)-> sweeping -> waiting …; any -stop-> ends after the batch under way -> stopped
 */
export class TombstoneSweep implements Lifecycle {
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;

  constructor(
    private readonly pool: Pool,
    private readonly options: TombstoneSweepOptions = {},
  ) {}

  async start(): Promise<void> {
    if (!this.stopping.signal.aborted) this.running ??= this.run();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  /** Sweeps what is old now. @returns how many tombstones went; those of an instance that sweeps already are not ours. */
  async sweep(): Promise<number> {
    const { batchSize = 10_000 } = this.options;
    let total = 0;
    let after: Pick<Batch, 'entity_type' | 'entity_id'> = { entity_type: '', entity_id: '' };
    while (!this.stopping.signal.aborted) {
      const batch = await this.sweepBatch(after, batchSize);
      total += batch?.swept ?? 0;
      if (batch === undefined || batch.seen < batchSize) break;
      after = batch;
      await pause(PAUSE_BETWEEN_BATCHES_MS, this.stopping.signal);
    }
    if (total > 0) this.log.info({ rows: total }, 'swept old tombstones of entities');
    return total;
  }

  /** Undefined: nothing comes after, or another instance sweeps. */
  private async sweepBatch(
    { entity_type, entity_id }: Pick<Batch, 'entity_type' | 'entity_id'>,
    batchSize: number,
  ): Promise<Batch | undefined> {
    const minAgeMs = Math.max(this.options.minAgeMs ?? 30 * DAY_MS, DAY_MS);
    // The lock is the transaction's: it is free again whatever becomes of this instance.
    return inTransaction(this.pool, async (client) => {
      const [lock] = (await client.query('SELECT pg_try_advisory_xact_lock($1) AS mine', [SWEEP_LOCK])).rows;
      if (!lock.mine) return undefined;
      return (await client.query<Batch>(SWEEP, [entity_type, entity_id, batchSize, minAgeMs])).rows[0];
    });
  }

  private async run(): Promise<void> {
    const { intervalMs = DAY_MS } = this.options;
    while (!this.stopping.signal.aborted) {
      // Instances that started together do not sweep together.
      await pause(intervalMs * (0.5 + Math.random() / 2), this.stopping.signal);
      if (this.stopping.signal.aborted) return;
      try {
        await this.sweep();
      } catch (error) {
        if (!(error instanceof DbEventError) && transientKindOf(error) === undefined) throw error;
        this.log.warn({ err: error }, 'could not sweep old tombstones; trying again later');
      }
    }
  }

  private get log(): Log {
    return this.options.log ?? SILENT_LOG;
  }
}
