import { randomUUID } from 'node:crypto';
import { NO_DIFFERENCES, type ReconcileRun, type RunKey, type RunKind, type RunOptions } from './reconcile-run';

/** These limits preserve the latency of live traffic on a small machine. */
const DEFAULT_RUN_OPTIONS: RunOptions = { maxRowsPerSecond: 2_000, maxQueueDepth: 1_000, verifyAfterMs: 5_000 };

export interface RunRequest extends RunKey {
  readonly kind: RunKind;
  readonly requestedBy: string;
  readonly options?: Partial<RunOptions> | undefined;
}

/** A new, pending run. Its id sorts by time. */
export function startRun({ publisher, subscriber, entityType, kind, requestedBy, options }: RunRequest): ReconcileRun {
  const given = Object.fromEntries(Object.entries(options ?? {}).filter(([, value]) => value !== undefined));
  return {
    id: `${Date.now().toString(36)}-${randomUUID().slice(0, 8)}`,
    publisher,
    subscriber,
    entityType,
    kind,
    requestedBy,
    options: { ...DEFAULT_RUN_OPTIONS, ...given },
    state: 'pending',
    requestedAtMs: Date.now(),
    startedAtMs: null,
    endedAtMs: null,
    fields: null,
    asOfVersion: null,
    pass: 1,
    passStartedAtMs: null,
    cursor: null,
    isUnverified: false,
    progress: { sourceRows: 0, compared: 0, sent: 0, bytes: 0, removed: 0 },
    found: NO_DIFFERENCES,
    left: NO_DIFFERENCES,
    rows: [],
    ranges: [],
    waitingFor: null,
    error: null,
  };
}

/** The run, reset to its beginning. Its kind stays: a restarted audit still only reports. */
export function restarted(run: ReconcileRun): ReconcileRun {
  return {
    ...run,
    fields: null,
    asOfVersion: null,
    pass: 1,
    cursor: null,
    isUnverified: false,
    progress: { ...run.progress, compared: 0, comparedAhead: 0 },
    found: NO_DIFFERENCES,
    left: NO_DIFFERENCES,
    rows: [],
    ranges: [],
  };
}
