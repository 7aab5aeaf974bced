import { DbEventError, type EntityKey, type EntityVersion, type Lifecycle, type Version } from '@dbem/db-event';
import { NotificationListener } from '@dbem/postgres';
import { type Log, PeriodicTask, pause, SILENT_LOG } from '@dbem/runtime';
import type { Pool } from 'pg';
import { queryOwnTables } from '../postgres/own-tables';
import { keyText } from '../postgres/version-gate';
import { APPLIED_CHANNEL, decodeApplied } from './applied-notification';
import { WaitingReaders } from './waiting-readers';

export type WaitOutcome = 'applied' | 'timeout';

export interface ReplicaWatchOptions {
  /** Maximum number of waiting readers; further ones are rejected. Default: 10,000. */
  readonly maxReaders?: number;
  /** Polling interval, after which a missed notification has no effect, ms. Default: 2,000. */
  readonly pollIntervalMs?: number;
  readonly log?: Log;
}

export interface WaitOptions {
  /** ms. */
  readonly timeoutMs: number;
  /** Ends the wait early, as a timeout. */
  readonly signal?: AbortSignal;
}

const PAUSE_AFTER_FAILURE_MS = 200;

const VERSIONS = `
  SELECT place::int AS place, version
  FROM unnest($1::text[], $2::text[], $3::text[]) WITH ORDINALITY AS wanted (publisher, entity_type, entity_id, place)
  JOIN db_event.replica_version USING (publisher, entity_type, entity_id)`;

/**
 * Lets readers wait until the replica has a change. Waiting readers cost memory, not queries: new readers share one
 * query; then they are woken by commits of this instance's applier (`noteApplied`) and by notifications from other
 * instances, which name the applied entities. While there are readers, one query every `pollIntervalMs` checks for all
 * of them, in case a notification was missed.
 *
 *   idle -first reader-> listening, and looking up: (new readers, notified entities, or the interval) -one query-> …
 *   any -stop-> ends all waits as timeouts -> stopped
 */
export class ReplicaWatch implements Lifecycle {
  private readonly readers = new WaitingReaders();
  private readonly listener: NotificationListener;
  private readonly stopping = new AbortController();
  /** Ends the wait of each reader. */
  private readonly timeouts = new Set<() => void>();
  /** Entities to look up, by `keyText`. */
  private toLookUp = new Map<string, EntityKey>();
  private lookingUp: Promise<void> | undefined;
  private readonly polling: PeriodicTask;

  constructor(
    private readonly pool: Pool,
    private readonly options: ReplicaWatchOptions = {},
  ) {
    const { log = SILENT_LOG, pollIntervalMs = 2_000 } = options;
    this.listener = new NotificationListener(pool, APPLIED_CHANNEL, (payload) => this.noteNotified(payload), log);
    this.polling = new PeriodicTask(() => this.lookUp(this.readers.keys()), {
      intervalMs: pollIntervalMs,
      firstRunAfterMs: pollIntervalMs,
    });
  }

  /** Opens no connection before the first reader. */
  async start(): Promise<void> {}

  async stop(): Promise<void> {
    this.stopping.abort();
    for (const timeOut of [...this.timeouts]) timeOut();
    await Promise.all([this.listener.stop(), this.lookingUp, this.polling.stop()]);
  }

  /** Number of waiting readers. */
  get waiting(): number {
    return this.readers.size;
  }

  /**
   * Resolves as soon as the replica has all of these changes or later ones; at once if it already has them. A delete is
   * a change like any other. While the database is unavailable, no reader is woken.
   *
   * @throws DbEventError REPLICA_BEHIND (retryable) if too many readers are waiting.
   */
  waitFor(changes: readonly EntityVersion[], { timeoutMs, signal }: WaitOptions): Promise<WaitOutcome> {
    const { maxReaders = 10_000 } = this.options;
    if (changes.length === 0) return Promise.resolve('applied');
    if (this.readers.size >= maxReaders) {
      return Promise.reject(
        new DbEventError('REPLICA_BEHIND', `Too many readers are waiting; the limit is ${maxReaders}`, {
          retryable: true,
        }),
      );
    }
    return new Promise((resolve) => {
      const end = (outcome: WaitOutcome) => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', timeOut);
        this.timeouts.delete(timeOut);
        stopWaiting();
        resolve(outcome);
      };
      const timeOut = () => end('timeout');
      const timer = setTimeout(timeOut, timeoutMs);
      const stopWaiting = this.readers.add(changes, () => end('applied'));
      this.timeouts.add(timeOut);
      signal?.addEventListener('abort', timeOut, { once: true });
      if (this.stopping.signal.aborted || signal?.aborted) timeOut();
      else this.lookUp(changes);
    });
  }

  /** This instance's applier has committed these changes. */
  noteApplied(changes: readonly (EntityKey & { readonly version: Version | undefined })[]): void {
    if (this.readers.size === 0) return;
    for (const change of changes) if (change.version !== undefined) this.readers.note(change, change.version);
  }

  private noteNotified(payload: string): void {
    if (this.readers.size > 0) this.lookUp(decodeApplied(payload).flatMap((hash) => this.readers.withHash(hash)));
  }

  private lookUp(keys: readonly EntityKey[]): void {
    for (const key of keys) this.toLookUp.set(keyText(key), key);
    if (this.toLookUp.size === 0 || this.stopping.signal.aborted) return;
    void this.listener.start();
    void this.polling.start();
    this.lookingUp ??= this.lookUpAll().finally(() => {
      this.lookingUp = undefined;
      this.lookUp([]);
    });
  }

  /** One query at a time, for all entities added since the last one. */
  private async lookUpAll(): Promise<void> {
    // Everything added in this tick of the event loop shares a query.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.toLookUp.size > 0 && !this.stopping.signal.aborted) {
      const keys = [...this.toLookUp.values()];
      this.toLookUp = new Map();
      try {
        const rows = await queryOwnTables<{ place: number; version: string }>(this.pool, VERSIONS, [
          keys.map(({ publisher }) => publisher),
          keys.map(({ entityType }) => entityType),
          keys.map(({ entityId }) => entityId),
        ]);
        for (const { place, version } of rows) this.readers.note(keys[place - 1] as EntityKey, BigInt(version));
      } catch (error) {
        this.options.log?.debug({ err: error }, 'could not query the versions that readers wait for; retrying');
        await pause(PAUSE_AFTER_FAILURE_MS, this.stopping.signal);
        if (this.readers.size > 0) for (const key of keys) this.toLookUp.set(keyText(key), key);
      }
    }
  }
}
