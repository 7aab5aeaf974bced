import { DbEventError } from '@dbem/db-event';
import type { KeyRange, SendResult } from '@dbem/transport';
import { Comparison } from './compare';
import type { Clock, ReplicaEndpoint, SourceEndpoint, Throttle } from './endpoints.port';
import { countOf, NO_DIFFERENCES, type ReconcileRun, type RunProgress } from './reconcile-run';
import { RunCounters } from './run-counters';
import { withRetry } from './with-retry';
import type { Working } from './working';

const ROWS_PER_RANGE = 1_000;
const RANGES_PER_GROUP = 16;
const MAX_SEND_ROWS = 2_000;
const MIN_SEND_ROWS = 50;
const MAX_PASSES = 3;
const SAVE_INTERVAL_MS = 500;
const CLEAR_INTERVAL_MS = 100;
/** After this time, assume that the subscriber will not catch up. */
const MAX_BACKLOG_MS = 10 * 60_000;

export interface RunExecutionOptions {
  readonly source: SourceEndpoint;
  readonly replica: ReplicaEndpoint;
  readonly throttle: Throttle;
  readonly clock: Clock;
  /**
   * Saves the run. Rejects if the run does not belong to this execution any more (paused, cancelled, taken over): the
   * execution ends with that rejection.
   */
  readonly save: (run: ReconcileRun) => Promise<void>;
}

/**
 * Executes a run from its saved state to its end: range by range in key order, one group at a time. When a group is
 * done, the cursor moves past it and the run is saved; a manager that takes the run over repeats at most one group.
 *
 *   describe both endpoints -> compare groups -> [repair or backfill, and differences are left or unverified:
 *     next pass, at most three] -> done
 *
 * While an endpoint is unavailable, the run waits for it without limit. A permanent error fails the run.
 */
export class RunExecution {
  private savedAtMs = 0;
  private readonly source: SourceEndpoint;
  private readonly replica: ReplicaEndpoint;

  constructor(
    private run: ReconcileRun,
    private readonly options: RunExecutionOptions,
  ) {
    const waiting = {
      clock: options.clock,
      onWaiting: async (reason: string) => this.save({ waitingFor: reason }),
      onReached: async () => this.save({ waitingFor: null }),
    };
    this.source = withRetry(options.source, waiting);
    this.replica = withRetry(options.replica, waiting);
  }

  /** @returns the run, done or failed. Rejects as `save` does. */
  async execute(): Promise<ReconcileRun> {
    try {
      if (this.run.fields === null) await this.describe();
      while (!(await this.finishPass())) {
        await this.awaitArrival();
        await this.save({
          pass: this.run.pass + 1,
          passStartedAtMs: this.options.clock.now(),
          cursor: null,
          isUnverified: false,
          progress: { ...this.run.progress, compared: 0, comparedAhead: 0 },
          left: NO_DIFFERENCES,
          rows: [],
          ranges: [],
        });
      }
      await this.save({ state: 'done', endedAtMs: this.options.clock.now(), waitingFor: null });
    } catch (error) {
      if (!(error instanceof DbEventError) || error.code === 'RUN_CONFLICT' || error.retryable) throw error;
      const { code, message } = error;
      await this.save({ state: 'failed', endedAtMs: this.options.clock.now(), error: { code, message } });
    }
    return this.run;
  }

  private async describe(): Promise<void> {
    const { fields } = await this.replica.describe();
    const { rows, newestVersion } = await this.source.describe();
    const nowMs = this.options.clock.now();
    await this.save({
      fields,
      asOfVersion: newestVersion,
      startedAtMs: nowMs,
      passStartedAtMs: nowMs,
      progress: { ...this.run.progress, sourceRows: rows },
    });
  }

  /** @returns false if another pass is needed. */
  private async finishPass(): Promise<boolean> {
    while (!(await this.doGroup())) {
      // Group by group.
    }
    const { kind, pass, isUnverified, left } = this.run;
    return kind === 'audit' || pass >= MAX_PASSES || (!isUnverified && countOf(left) === 0);
  }

  /** @returns true after the last group. */
  private async doGroup(): Promise<boolean> {
    const counters = new RunCounters();
    this.noteProgress({ comparedAhead: 0 });
    const working = this.working(counters);
    const range = { after: this.run.cursor, to: null };
    if (working.isRepairing && !working.isVerifying && (await this.isReplicaEmpty(range)))
      return this.fill(range, counters);
    const { ranges, isEnd } = await this.source.split(working.fields, range, ROWS_PER_RANGE, RANGES_PER_GROUP);
    await new Comparison(working).compare(ranges);
    const rows = ranges.reduce((total, one) => total + one.rows, 0);
    await this.save(this.upTo(ranges.at(-1)?.to ?? this.run.cursor, rows, counters));
    return isEnd;
  }

  /** Reads the first row only: where the replica is empty, digests of the source are useless. */
  private async isReplicaEmpty(range: KeyRange): Promise<boolean> {
    return (await this.replica.rows(this.run.fields ?? [], range, 1)).length === 0;
  }

  /** Sends the next entities to a replica that has none of them. @returns true after the last. */
  private async fill(range: KeyRange, counters: RunCounters): Promise<boolean> {
    const { rows, last } = await this.sendSome(range);
    counters.addFound('missing', rows);
    counters.isUnverified = rows > 0;
    this.run = { ...this.run, ...this.upTo(last ?? range.after, rows, counters) };
    await this.saveIfDue();
    return last === null;
  }

  /** The run's new values once `rows` more entities, up to this key, are done. */
  private upTo(cursor: string | null, rows: number, counters: RunCounters): Partial<ReconcileRun> {
    const { progress } = this.run;
    const done = { ...progress, compared: progress.compared + rows, comparedAhead: 0 };
    return { ...counters.addTo(this.run), waitingFor: null, cursor, progress: done };
  }

  private async sendSome(range: KeyRange): Promise<SendResult & { readonly last: string | null }> {
    const limit = this.sendRows;
    await this.options.throttle.admit(limit, () => this.saveIfDue());
    const sent = await this.source.sendRange(range, limit);
    await this.noteSent(sent);
    return sent;
  }

  private working(counters: RunCounters): Working {
    const { throttle, clock } = this.options;
    const { kind, fields, options, pass } = this.run;
    const keepOn = () => this.saveIfDue();
    return {
      endpoints: { source: this.source, replica: this.replica },
      clock: { now: () => clock.now(), pause: (ms) => this.pauseAndSave(ms) },
      fields: fields ?? [],
      isRepairing: kind !== 'audit',
      isVerifying: pass > 1,
      verifyAfterMs: options.verifyAfterMs,
      counters,
      isClear: () => this.isClear(),
      awaitArrival: () => this.awaitArrival(),
      noteCompared: async (rows) => {
        this.noteProgress({ comparedAhead: (this.run.progress.comparedAhead ?? 0) + rows });
        await this.saveIfDue();
      },
      sendRows: async (rows) => {
        for (let start = 0; start < rows.length; start += this.sendRows) {
          const some = rows.slice(start, start + this.sendRows);
          await throttle.admit(some.length, keepOn);
          await this.noteSent(await this.source.sendRows(some));
        }
      },
      deleteOrphans: async (orphans) => {
        if (orphans.length === 0) return;
        await throttle.admit(orphans.length, keepOn);
        const { rows, bytes } = await this.source.deleteOrphans(fields ?? [], orphans);
        await this.noteSent({ rows: 0, bytes }, rows);
      },
      sendRange: async ({ after, to }) => {
        for (let start: string | null | undefined = after; start !== undefined; ) {
          start = (await this.sendSome({ after: start, to })).last ?? undefined;
        }
      },
    };
  }

  /**
   * Rows sent at once: up to 0.2 s at the maximum rate, and at most the maximum queue depth. Live changes queue behind
   * them.
   */
  private get sendRows(): number {
    const { maxRowsPerSecond, maxQueueDepth } = this.run.options;
    const most = Math.min(Math.ceil(maxRowsPerSecond / 5), maxQueueDepth, MAX_SEND_ROWS);
    return Math.max(most, MIN_SEND_ROWS);
  }

  private async noteSent({ rows, bytes }: { rows: number; bytes: number }, removed = 0): Promise<void> {
    const { progress } = this.run;
    this.noteProgress({
      sent: progress.sent + rows,
      bytes: progress.bytes + bytes,
      removed: progress.removed + removed,
    });
    await this.saveIfDue();
  }

  private noteProgress(change: Partial<RunProgress>): void {
    this.run = { ...this.run, progress: { ...this.run.progress, ...change } };
  }

  /** Waits until the rows sent have most likely arrived; comparing earlier would find them missing. */
  private async awaitArrival(): Promise<void> {
    const deadlineMs = this.options.clock.now() + MAX_BACKLOG_MS;
    while (!(await this.isClear()) && this.options.clock.now() < deadlineMs) await this.pauseAndSave(CLEAR_INTERVAL_MS);
  }

  private async isClear(): Promise<boolean> {
    const isClear = await this.options.throttle.isClear();
    const waitingFor = isClear ? null : 'the subscriber to apply its backlog';
    if (this.run.waitingFor !== waitingFor) await this.save({ waitingFor });
    return isClear;
  }

  private async pauseAndSave(ms: number): Promise<void> {
    const { clock } = this.options;
    const endMs = clock.now() + ms;
    for (let leftMs = ms; leftMs > 0; leftMs = endMs - clock.now()) {
      await clock.pause(Math.min(leftMs, SAVE_INTERVAL_MS));
      await this.saveIfDue();
    }
  }

  /** Saves often enough that a pause or a cancellation is noticed. */
  private async saveIfDue(): Promise<void> {
    if (this.options.clock.now() - this.savedAtMs >= SAVE_INTERVAL_MS) await this.save({});
  }

  private async save(change: Partial<ReconcileRun>): Promise<void> {
    this.run = { ...this.run, ...change };
    await this.options.save(this.run);
    this.savedAtMs = this.options.clock.now();
  }
}
