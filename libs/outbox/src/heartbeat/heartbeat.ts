import type { Lifecycle, Queryable } from '@dbem/db-event';
import { type Log, PeriodicTask, SILENT_LOG } from '@dbem/runtime';
import { APPENDED_CHANNEL } from '../postgres/outbox-schema';

export interface HeartbeatOptions {
  /** How often a publisher gives a sign of life, whatever the number of its instances, ms; 0: never. Default: 10,000. */
  readonly intervalMs?: number;
  readonly log?: Log;
}

/**
 * One statement: whoever takes the row in `last_heartbeat` over appends; who comes within the interval finds nothing to
 * take. It holds 90 % of the interval, so that timers which are not quite even skip no beat.
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
 * Appends a heartbeat to the outbox now and then, from where it takes the way of every change: so each subscriber learns how
 * far the publisher has got, also while nobody writes. All instances share one rhythm; it costs a row an interval however
 * much else is published. A database that is away misses beats, which is what its subscribers shall see.
 *
 *   idle -start-> beating; any -stop-> stopped
 */
export class Heartbeat implements Lifecycle {
  private readonly beating: PeriodicTask;
  private readonly intervalMs: number;

  constructor(database: Queryable, { intervalMs = 10_000, log = SILENT_LOG }: HeartbeatOptions = {}) {
    this.intervalMs = intervalMs;
    this.beating = new PeriodicTask(() => database.query(APPEND, [(intervalMs * 0.9) / 1_000]), {
      intervalMs,
      onError: (error) => log.debug({ err: error }, 'could not append a heartbeat'),
    });
  }

  async start(): Promise<void> {
    if (this.intervalMs > 0) await this.beating.start();
  }

  stop(): Promise<void> {
    return this.beating.stop();
  }
}
