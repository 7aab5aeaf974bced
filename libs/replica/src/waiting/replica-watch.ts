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
  /** Most readers that wait at once; one more is turned away. Default: 10,000. */
  readonly maxReaders?: number;
  /** How long a missed notification may go unnoticed, ms. Default: 2,000. */
  readonly pollIntervalMs?: number;
  readonly log?: Log;
}

export interface WaitOptions {
  /** ms. */
  readonly timeoutMs: number;
  /** Ends the waiting early, as a timeout. */
  readonly signal?: AbortSignal;
}

const PAUSE_AFTER_FAILURE_MS = 200;

const VERSIONS = `
  SELECT place::int AS place, version
  FROM unnest($1::text[], $2::text[], $3::text[]) WITH ORDINALITY AS wanted (publisher, entity_type, entity_id, place)
  JOIN db_event.replica_version USING (publisher, entity_type, entity_id)`;

/**
 * Lets readers wait until the replica has a change. Readers cost memory, not queries: one look when they come, all newcomers
 * together; then they are woken by the commits of this instance's applier (`noteApplied`), and by notifications of those of
 * others, which name the entities applied. While anybody waits, one query every `pollIntervalMs` looks for all of them, in
 * case a notification was missed.
 *
 *   idle -first reader-> listening, and looking up: (newcomers, entities notified, or the interval) -one query-> …
 *   any -stop-> ends all waiting as timeouts -> stopped
 */
export class ReplicaWatch implements Lifecycle {
  private readonly readers = new WaitingReaders();
  private readonly listener: NotificationListener;
  private readonly stopping = new AbortController();
  private readonly givingUp = new Set<() => void>();
  /** To be looked up, by `keyText`. */
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

  /** Takes no connection before the first reader comes. */
  async start(): Promise<void> {}

  async stop(): Promise<void> {
    this.stopping.abort();
    for (const giveUp of [...this.givingUp]) giveUp();
    await Promise.all([this.listener.stop(), this.lookingUp, this.polling.stop()]);
  }

  /** How many readers wait now. */
  get waiting(): number {
    return this.readers.size;
  }

  /**
   * Resolves as soon as the replica has all of these changes, or later ones: at once if it has them already. A deleted entity
   * has been changed like any other. While the database is away, nobody is woken.
   *
   * @throws DbEventError REPLICA_BEHIND (retryable) if too many wait already.
   */
  waitFor(changes: readonly EntityVersion[], { timeoutMs, signal }: WaitOptions): Promise<WaitOutcome> {
    const { maxReaders = 10_000 } = this.options;
    if (changes.length === 0) return Promise.resolve('applied');
    if (this.readers.size >= maxReaders) {
      return Promise.reject(
        new DbEventError('REPLICA_BEHIND', `${maxReaders} readers wait for changes already`, { retryable: true }),
      );
    }
    return new Promise((resolve) => {
      const end = (outcome: WaitOutcome) => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', giveUp);
        this.givingUp.delete(giveUp);
        stopWaiting();
        resolve(outcome);
      };
      const giveUp = () => end('timeout');
      const timer = setTimeout(giveUp, timeoutMs);
      const stopWaiting = this.readers.add(changes, () => end('applied'));
      this.givingUp.add(giveUp);
      signal?.addEventListener('abort', giveUp, { once: true });
      if (this.stopping.signal.aborted || signal?.aborted) giveUp();
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

  /** One query at a time, for all that has come up since the last one. */
  private async lookUpAll(): Promise<void> {
    // What comes in this turn of the event loop shares a query.
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
        this.options.log?.debug({ err: error }, 'could not look for what readers wait for; trying again');
        await pause(PAUSE_AFTER_FAILURE_MS, this.stopping.signal);
        if (this.readers.size > 0) for (const key of keys) this.toLookUp.set(keyText(key), key);
      }
    }
  }
}
