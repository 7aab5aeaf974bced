import type { Lifecycle } from '@dbem/db-event';
import type { ReconcileRun, RunKey, RunKind, RunOptions } from '../run/reconcile-run';

/**
 * A run that this manager executes, until it is over, released or changed by another process, or until this manager
 * loses its session with the store.
 */
export interface Claim {
  readonly run: ReconcileRun;
  /** Rejects with RUN_CONFLICT if this manager has lost the claim, or may have: stop executing the run then. */
  save(run: ReconcileRun): Promise<void>;
  /** Releases the run, so that any manager can claim it. Never rejects. */
  release(): Promise<void>;
}

/** Starts a run periodically. */
export interface Schedule extends RunKey {
  readonly kind: RunKind;
  readonly intervalMs: number;
  readonly options?: Partial<RunOptions>;
  /** ms since 1970; null: never started. */
  readonly lastStartedAtMs: number | null;
}

/**
 * The runs of all managers: those under way and the last 200 that are over. At most one run per key is under way. A
 * manager that dies loses its claims when its session expires; others can then claim its runs, as they were last saved.
 *
 * Every call rejects with RUNS_UNAVAILABLE (retryable) while the store is unavailable.
 */
export abstract class RunStore implements Lifecycle {
  abstract start(): Promise<void>;
  abstract stop(): Promise<void>;

  /** @returns false if a run of the same key is under way. */
  abstract create(run: ReconcileRun): Promise<boolean>;

  /**
   * Like `create`, but only once per key until `forgetAsked`. Of several managers that call it at once, one creates the
   * run. `asked`: it was called before. `underWay`: this is the first call, and a run of the key is already under way.
   */
  abstract createOnce(run: ReconcileRun): Promise<'created' | 'asked' | 'underWay'>;
  abstract forgetAsked(key: RunKey): Promise<void>;

  /** Newest first. */
  abstract list(): Promise<ReconcileRun[]>;
  abstract get(id: string): Promise<ReconcileRun | undefined>;
  /** The ids of the runs that are not over. */
  abstract underWay(): Promise<string[]>;

  /**
   * Changes a run; the manager that executes it loses its claim. Rejects with RUN_UNKNOWN, or with what `change`
   * throws.
   */
  abstract change(id: string, change: (run: ReconcileRun) => ReconcileRun): Promise<ReconcileRun>;

  /** Undefined if another manager has claimed it, or it is neither pending nor running. */
  abstract claim(id: string): Promise<Claim | undefined>;

  abstract schedules(): Promise<Schedule[]>;
  /** Replaces a schedule of the same key. */
  abstract putSchedule(schedule: Schedule): Promise<void>;
  /** @returns false if there is none. */
  abstract removeSchedule(key: RunKey): Promise<boolean>;
  /** Records that a schedule is started now. @returns false if it has been started, changed or removed meanwhile. */
  abstract takeDue(schedule: Schedule, nowMs: number): Promise<boolean>;
}

/** A unique text for the key: service names contain no `|`. */
export function textOfKey({ publisher, subscriber, entityType }: RunKey): string {
  return `${publisher}|${subscriber}|${entityType}`;
}
