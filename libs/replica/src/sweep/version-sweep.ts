import { DbEventError, type Lifecycle } from '@dbem/db-event';
import { inOwnTransaction, transientKindOf } from '@dbem/postgres';
import { type Log, pause, SILENT_LOG } from '@dbem/runtime';
import type { Pool } from 'pg';
import { queryOwnTables } from '../postgres/own-tables';
import { SWEEP_LOCK } from './sweep-lock';

export interface VersionSweepOptions {
  /** Rows of other publishers are swept whether or not they are tombstones. */
  readonly handledPublishers: readonly string[];
  /** How long a row stays at least: longer than the oldest event that may still arrive, ms; at least two days. Default: 30 days. */
  readonly minAgeMs?: number;
  /** Default: an hour. */
  readonly intervalMs?: number;
  /** Rows in one transaction. Default: 1,000. */
  readonly batchSize?: number;
  readonly log?: Log;
}

const DAY_MS = 24 * 60 * 60 * 1_000;

/** A row that has changed since it was found is left: DELETE looks at it again. */
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
 * Removes old tombstones, and old rows of publishers that the service handles no longer, in batches. Any instance may do it, one
 * at a time. What is removed moves the publisher's horizon, behind which `rejectTooOld` refuses events.
 */
export class VersionSweep implements Lifecycle {
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;

  constructor(
    private readonly pool: Pool,
    private readonly options: VersionSweepOptions,
  ) {}

  async start(): Promise<void> {
    this.running ??= this.run();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  /** Sweeps what is old now. @returns how many rows; 0 as well while another instance sweeps. */
  async sweep(): Promise<number> {
    const { batchSize = 1_000 } = this.options;
    let total = 0;
    while (!this.stopping.signal.aborted) {
      const swept = await this.sweepBatch(batchSize);
      total += swept;
      if (swept < batchSize) break;
    }
    if (total > 0) this.log.info({ rows: total }, 'swept old versions of entities');
    return total;
  }

  private async sweepBatch(batchSize: number): Promise<number> {
    const { handledPublishers, minAgeMs = 30 * DAY_MS } = this.options;
    // Lock, deletion and horizon belong together: without the last, an old event could bring a deleted row back.
    return inOwnTransaction(this.pool, async (client) => {
      const [lock] = (await client.query('SELECT pg_try_advisory_xact_lock($1) AS mine', [SWEEP_LOCK])).rows;
      if (!lock.mine) return 0;
      const params = [Math.max(minAgeMs, 2 * DAY_MS), handledPublishers, batchSize];
      const [row] = await queryOwnTables<{ swept: number }>(client, SWEEP, params);
      return row?.swept ?? 0;
    });
  }

  private async run(): Promise<void> {
    const { intervalMs = 60 * 60 * 1_000 } = this.options;
    while (!this.stopping.signal.aborted) {
      // Instances that started together do not sweep together.
      await pause(intervalMs * (0.5 + Math.random() / 2), this.stopping.signal);
      if (this.stopping.signal.aborted) return;
      try {
        await this.sweep();
      } catch (error) {
        if (!(error instanceof DbEventError) && transientKindOf(error) === undefined) throw error;
        this.log.warn({ err: error }, 'could not sweep old versions; trying again later');
      }
    }
  }

  private get log(): Log {
    return this.options.log ?? SILENT_LOG;
  }
}
