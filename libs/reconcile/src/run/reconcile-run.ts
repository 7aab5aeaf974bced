import type { EntityType } from '@dbem/db-event';

/** Audit reports, repair audits and heals; backfill is a repair of a replica that has little or nothing yet. */
export type RunKind = 'backfill' | 'audit' | 'repair';

/**
 *   pending -claimed by a manager-> running -> done | failed
 *   pending | running <-pause, resume-> paused
 *   pending | running | paused -cancel-> cancelled
 */
export type RunState = 'pending' | 'running' | 'paused' | 'done' | 'failed' | 'cancelled';

/** What is compared with what. One run at a time. */
export interface RunKey {
  readonly publisher: string;
  readonly subscriber: string;
  readonly entityType: EntityType;
}

export interface RunOptions {
  /** Most rows sent in a second. */
  readonly maxRowsPerSecond: number;
  /** Nothing is sent while more messages than this wait for the subscriber. */
  readonly maxQueueDepth: number;
  /** How long a difference may be a change on its way before it counts, ms. */
  readonly settleMs: number;
}

export interface RunProgress {
  /** Entities at the source when the run began. */
  readonly sourceRows: number;
  /** Of the present pass, up to the cursor. */
  readonly compared: number;
  /** Behind the cursor, of the group of ranges under way: whoever takes the run over compares them again. Left out: none. */
  readonly comparedAhead?: number;
  readonly sent: number;
  readonly bytes: number;
  /** Ghosts removed. */
  readonly removed: number;
}

export interface Differences {
  readonly missing: number;
  readonly extra: number;
  readonly different: number;
}

export type DifferenceKind = keyof Differences;

export interface RowDifference {
  readonly kind: DifferenceKind;
  readonly entityId: string;
  /** The compared fields that differ; empty if only the versions do. */
  readonly fields: readonly string[];
  readonly sourceVersion: string | null;
  readonly replicaVersion: string | null;
}

/** A range of which the replica holds nothing. */
export interface RangeDifference {
  readonly after: string | null;
  readonly to: string | null;
  readonly missing: number;
}

/** A run with all that it has come to; whoever takes it over goes on from here. Times: ms since 1970. */
export interface ReconcileRun extends RunKey {
  readonly id: string;
  readonly kind: RunKind;
  readonly options: RunOptions;
  /** Who asked: a person's name, `subscription`, `schedule`, `lapse`. */
  readonly requestedBy: string;
  readonly state: RunState;
  readonly requestedAtMs: number;
  readonly startedAtMs: number | null;
  readonly endedAtMs: number | null;
  /** The compared fields; null: not asked yet. */
  readonly fields: readonly string[] | null;
  /** The source's newest version when the run began. */
  readonly asOfVersion: string | null;
  /** A healing run goes over all of it again to see that it has healed. From 1. */
  readonly pass: number;
  readonly passStartedAtMs: number | null;
  /** All up to this key is done; null: nothing yet. */
  readonly cursor: string | null;
  /** Ranges were sent in this pass without looking whether they arrived. */
  readonly isUnverified: boolean;
  readonly progress: RunProgress;
  /** What was found, in the first pass. */
  readonly found: Differences;
  /** What the last pass leaves: of an audit all that it found, of a healing run what it could not heal. */
  readonly left: Differences;
  /** Of `left`, the first few. */
  readonly rows: readonly RowDifference[];
  readonly ranges: readonly RangeDifference[];
  /** Why it does not get on; null: it does. */
  readonly waitingFor: string | null;
  /** Of a failed run. */
  readonly error: { readonly code: string; readonly message: string } | null;
}

export const NO_DIFFERENCES: Differences = { missing: 0, extra: 0, different: 0 };

export function countOf({ missing, extra, different }: Differences): number {
  return missing + extra + different;
}

export function comparedOf({ compared, comparedAhead = 0 }: RunProgress): number {
  return compared + comparedAhead;
}

export function isOver({ state }: Pick<ReconcileRun, 'state'>): boolean {
  return state === 'done' || state === 'failed' || state === 'cancelled';
}
