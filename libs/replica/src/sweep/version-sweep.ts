import { BatchedSweep, type SweptBatch } from '@dbem/postgres';
import type { Log } from '@dbem/runtime';
import type { Pool, PoolClient } from 'pg';
import { queryOwnTables } from '../postgres/own-tables';
import { SWEEP_LOCK } from './sweep-lock';

export interface VersionSweepOptions {
  /** Rows of other publishers are swept even if they are not tombstones. */
  readonly handledPublishers: readonly string[];
  /**
   * Minimum age of swept rows, ms: must exceed the age of the oldest event that may still arrive; at least two days.
   * Default: 30 days.
   */
  readonly minAgeMs?: number;
  /** ms. Default: one hour. */
  readonly intervalMs?: number;
  /** Rows per transaction. Default: 1,000. */
  readonly batchSize?: number;
  readonly log?: Log;
}

const DAY_MS = 24 * 60 * 60 * 1_000;

/** The DELETE repeats the conditions, so that a row that has changed since it was found stays. */
const SWEEP = `
  WITH old AS (
    (SELECT publisher, entity_type, entity_id FROM db_event.replica_version
     WHERE deleted AND applied_at < now() - $1 * interval '1 ms' LIMIT $3)
    UNION
    (SELECT publisher, entity_type, entity_id FROM db_event.replica_version
     WHERE publisher <> ALL ($2::text[]) AND applied_at < now() - $1 * interval '1 ms' LIMIT $3)
  ), swept AS (
    DELETE FROM db_event.replica_version present USING old
    WHERE present.publisher = old.publisher AND present.entity_type = old.entity_type
      AND present.entity_id = old.entity_id AND present.applied_at < now() - $1 * interval '1 ms'
      AND (present.deleted OR present.publisher <> ALL ($2::text[]))
    RETURNING present.publisher, present.version
  ), noted AS (
    INSERT INTO db_event.replica_horizon AS horizon (publisher, version)
    SELECT publisher, max(version) FROM swept GROUP BY publisher
    ON CONFLICT (publisher) DO UPDATE SET version = greatest(horizon.version, excluded.version)
  )
  SELECT count(*)::int AS swept FROM swept`;

/**
 * Deletes old tombstones, and old rows of publishers that the service no longer handles. Each deleted row raises the
 * horizon of its publisher, behind which `rejectBehindHorizon` rejects events.
 */
export class VersionSweep extends BatchedSweep<true> {
  constructor(
    pool: Pool,
    private readonly options: VersionSweepOptions,
  ) {
    const { intervalMs = 60 * 60 * 1_000, log } = options;
    super(pool, { what: 'versions', lock: SWEEP_LOCK, intervalMs, log });
  }

  /** Deletion and horizon in one transaction: without the horizon, an old event could restore a deleted entity. */
  protected async sweepBatch(client: PoolClient): Promise<SweptBatch<true>> {
    const { handledPublishers, minAgeMs = 30 * DAY_MS, batchSize = 1_000 } = this.options;
    const params = [Math.max(minAgeMs, 2 * DAY_MS), handledPublishers, batchSize];
    const [{ swept } = { swept: 0 }] = await queryOwnTables<{ swept: number }>(client, SWEEP, params);
    return { swept, next: swept < batchSize ? undefined : true };
  }
}
