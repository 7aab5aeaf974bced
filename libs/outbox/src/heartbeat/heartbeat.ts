import type { Lifecycle, Queryable } from '@dbem/db-event';
import { type Log, PeriodicTask, SILENT_LOG } from '@dbem/runtime';
import { APPENDED_CHANNEL } from '../postgres/outbox-schema';

export interface HeartbeatOptions {
  /** How often a publisher appends a heartbeat, all its instances together, ms; 0: never. Default: 10,000. */
  readonly intervalMs?: number;
  readonly log?: Log;
}

/**
 * One statement: the instance that updates the row in `last_heartbeat` appends; within the interval, others find no row
 * to update. The threshold is 90 % of the interval, so that timer jitter doesn't skip a heartbeat.
 */
const APPEND = `
  WITH due AS (
    UPDATE db_event.last_heartbeat SET appended_at = clock_timestamp()
    WHERE appended_at < clock_timestamp() - make_interval(secs => $1)
    RETURNING true
  ), appended AS (
    INSERT INTO db_event.outbox (entity_type, entity_id, crud_type, entity, is_heartbeat)
    SELECT 'REGISTRY', 'heartbeat', 'READ', ''::bytea, true FROM due
    RETURNING version
  )
  SELECT pg_notify('${APPENDED_CHANNEL}', '') FROM appended`;

/**
 * Appends a heartbeat to the outbox periodically. It travels like any change, so each subscriber learns the publisher's
 * position even while nothing is written. All instances together append one row per interval, whatever else is
 * published. While the database is unavailable no heartbeats are sent, and the subscribers notice.
 *
 *   idle -start-> appending periodically; any -stop-> stopped
 */
export class Heartbeat implements Lifecycle {
  private readonly task: PeriodicTask;
  private readonly intervalMs: number;

  constructor(database: Queryable, { intervalMs = 10_000, log = SILENT_LOG }: HeartbeatOptions = {}) {
    this.intervalMs = intervalMs;
    this.task = new PeriodicTask(() => database.query(APPEND, [(intervalMs * 0.9) / 1_000]), {
      intervalMs,
      onError: (error) => log.debug({ err: error }, 'could not append a heartbeat'),
    });
  }

  async start(): Promise<void> {
    if (this.intervalMs > 0) await this.task.start();
  }

  stop(): Promise<void> {
    return this.task.stop();
  }
}
