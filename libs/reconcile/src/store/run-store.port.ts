import type { Lifecycle } from '@dbem/db-event';
import type { ReconcileRun, RunKey, RunKind, RunOptions } from '../run/reconcile-run';

/** A run that is this manager's to carry out, until it is over, released, changed by somebody, or the store loses this manager. */
export interface Claim {
  readonly run: ReconcileRun;
  /** Rejects with RUN_CONFLICT when the run is not this manager's any more, and when the store can't say: then drop it. */
  save(run: ReconcileRun): Promise<void>;
  /** Leaves the run to whoever claims it next. Never rejects. */
  release(): Promise<void>;
}

/** A run that starts again and again. */
export interface Schedule extends RunKey {
  readonly kind: RunKind;
  readonly intervalMs: number;
  readonly options?: Partial<RunOptions>;
  /** ms since 1970; null: never yet. */
  readonly lastStartedAtMs: number | null;
}

/**
 * The runs of all managers: those under way and the last 200 that are over. At most one run of a key is under way. A manager that
 * dies loses its claims after a while, and its runs can be claimed by others, as they were saved last.
 *
 * Every call rejects with RUNS_UNAVAILABLE (retryable) while the store can't be reached.
 */
export abstract class RunStore implements Lifecycle {
  abstract start(): Promise<void>;
  abstract stop(): Promise<void>;

  /** @returns false if a run of the same key is under way. */
  abstract create(run: ReconcileRun): Promise<boolean>;

  /**
   * Like `create`, but once a key until `forgetAsked`. Of several managers that are asked at once, one creates it. `underWay`: it is
   * the first time, and a run of the key is under way already.
   */
  abstract createOnce(run: ReconcileRun): Promise<'created' | 'asked' | 'underWay'>;
  abstract forgetAsked(key: RunKey): Promise<void>;

  /** Newest first. */
  abstract list(): Promise<ReconcileRun[]>;
  abstract get(id: string): Promise<ReconcileRun | undefined>;
  /** The ids of the runs that are not over. */
  abstract underWay(): Promise<string[]>;

  /** Changes a run, whoever carries it out; that one drops it. Rejects with RUN_UNKNOWN, and with what `change` throws. */
  abstract change(id: string, change: (run: ReconcileRun) => ReconcileRun): Promise<ReconcileRun>;

  /** Undefined if somebody has claimed it, or it is neither pending nor running. */
  abstract claim(id: string): Promise<Claim | undefined>;

  abstract schedules(): Promise<Schedule[]>;
  /** Replaces one of the same key. */
  abstract putSchedule(schedule: Schedule): Promise<void>;
  /** @returns false if there is none. */
  abstract removeSchedule(key: RunKey): Promise<boolean>;
  /** Notes that a schedule is started now. @returns false if it has been started, changed or removed meanwhile. */
  abstract takeDue(schedule: Schedule, nowMs: number): Promise<boolean>;
}

/** A text that is the key's alone: a service's name has no `|`. */
export function textOfKey({ publisher, subscriber, entityType }: RunKey): string {
  return `${publisher}|${subscriber}|${entityType}`;
}
