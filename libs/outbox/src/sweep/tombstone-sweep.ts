import { BatchedSweep, type SweptBatch } from '@dbem/postgres';
import type { Log } from '@dbem/runtime';
import type { Pool, PoolClient } from 'pg';

export interface TombstoneSweepOptions {
  /** Minimum age of the tombstones that are removed, ms; at least a day. Default: 30 days. */
  readonly minAgeMs?: number;
  /** ms. Default: a day. */
  readonly intervalMs?: number;
  /** Rows checked per transaction. Default: 10,000. */
  readonly batchSize?: number;
  readonly log?: Log;
}

const DAY_MS = 24 * 60 * 60 * 1_000;

/** Advisory lock of the publisher's database: one instance sweeps at a time. */
export const SWEEP_LOCK = 7_240_862;

/** Skips rows that a publishing transaction has locked; the next sweep checks them again. */
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

interface Place {
  readonly entity_type: string;
  readonly entity_id: string;
}

interface Batch extends Place {
  readonly seen: number;
  readonly swept: number;
}

/**
 * Removes old tombstones from the publisher's `entity_version`, so that the table grows with the existing entities, not
 * with all entities that ever existed. Nothing reads an old tombstone (see docs/reconcile.md); it only has to outlive
 * the statements whose snapshots still contain the entity.
 *
 * Once per interval it scans the table in key order, batch by batch: an index for it would prevent HOT updates.
 */
export class TombstoneSweep extends BatchedSweep<Place> {
  constructor(
    pool: Pool,
    private readonly options: TombstoneSweepOptions = {},
  ) {
    const { intervalMs = DAY_MS, log } = options;
    super(pool, { what: 'tombstones', lock: SWEEP_LOCK, intervalMs, log });
  }

  protected async sweepBatch(
    client: PoolClient,
    { entity_type, entity_id }: Place = { entity_type: '', entity_id: '' },
  ): Promise<SweptBatch<Place>> {
    const { minAgeMs = 30 * DAY_MS, batchSize = 10_000 } = this.options;
    const params = [entity_type, entity_id, batchSize, Math.max(minAgeMs, DAY_MS)];
    const [last] = (await client.query<Batch>(SWEEP, params)).rows;
    if (last === undefined) return { swept: 0, next: undefined };
    return { swept: last.swept, next: last.seen < batchSize ? undefined : last };
  }
}
