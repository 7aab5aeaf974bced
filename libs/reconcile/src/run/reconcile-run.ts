import type { EntityType } from '@dbem/db-event';
import type { DeepReadonly } from '@dbem/runtime';
import { z } from 'zod';

/** An audit only reports; a repair also repairs; a backfill is a repair of a replica that has little or no data yet. */
export type RunKind = 'backfill' | 'audit' | 'repair';

/**
 *   pending -claimed by a manager-> running -> done | failed
 *   pending | running <-pause, resume-> paused
 *   pending | running | paused -cancel-> cancelled
 */
export type RunState = 'pending' | 'running' | 'paused' | 'done' | 'failed' | 'cancelled';

/** What a run compares. At most one run per key at a time. */
export interface RunKey {
  readonly publisher: string;
  readonly subscriber: string;
  readonly entityType: EntityType;
}

export interface RunOptions {
  /** Maximum rows sent per second. */
  readonly maxRowsPerSecond: number;
  /** Nothing is sent while more messages than this wait for the subscriber. */
  readonly maxQueueDepth: number;
  /** How long a difference may be due to a change in transit before it counts, ms. */
  readonly verifyAfterMs: number;
}

export interface RunProgress {
  /** Entities of the source when the run began. */
  readonly sourceRows: number;
  /** Entities compared in the current pass, up to the cursor. */
  readonly compared: number;
  /**
   * Entities compared after the cursor, in the current group; compared again if another manager takes over. Absent:
   * none.
   */
  readonly comparedAhead?: number;
  readonly sent: number;
  readonly bytes: number;
  /** Orphans deleted. */
  readonly removed: number;
}

export const Differences = z
  .object({
    missing: z.number(),
    extra: z.number(),
    different: z.number(),
  })
  .meta({ id: 'DifferencesDto' });

export type Differences = DeepReadonly<z.infer<typeof Differences>>;

export type DifferenceKind = keyof Differences;

export const RowDifference = z
  .object({
    kind: z.enum(['missing', 'extra', 'different']),
    entityId: z.string(),
    fields: z.array(z.string()).describe('The compared fields that differ; empty if only the versions do.'),
    sourceVersion: z.string().nullable(),
    replicaVersion: z.string().nullable(),
  })
  .meta({ id: 'RowDifferenceDto' });

export type RowDifference = DeepReadonly<z.infer<typeof RowDifference>>;

/** A range that is empty in the replica. */
export const RangeDifference = z
  .object({
    after: z.string().nullable().describe('Entity id before the range; null: the range starts at the first entity.'),
    to: z.string().nullable().describe('Last entity id of the range; null: the range ends at the last entity.'),
    missing: z.number().describe('Entities of the source in this range; the replica has none.'),
  })
  .meta({ id: 'RangeDifferenceDto' });

export type RangeDifference = DeepReadonly<z.infer<typeof RangeDifference>>;

/** The saved state of a run; a manager that takes it over continues from here. Times: ms since 1970. */
export interface ReconcileRun extends RunKey {
  readonly id: string;
  readonly kind: RunKind;
  readonly options: RunOptions;
  /** The requester: a person's name, `subscription`, `schedule`, `expiry`. */
  readonly requestedBy: string;
  readonly state: RunState;
  readonly requestedAtMs: number;
  readonly startedAtMs: number | null;
  readonly endedAtMs: number | null;
  /** The compared fields; null: not known yet. */
  readonly fields: readonly string[] | null;
  /** The source's newest version when the run began. */
  readonly asOfVersion: string | null;
  /** A repair or backfill makes further passes to verify that it was successful. From 1. */
  readonly pass: number;
  readonly passStartedAtMs: number | null;
  /** Everything up to this key is done; null: nothing yet. */
  readonly cursor: string | null;
  /** Ranges were sent in this pass without verifying that they arrived. */
  readonly isUnverified: boolean;
  readonly progress: RunProgress;
  /** Differences found in the first pass. */
  readonly found: Differences;
  /**
   * Differences left after the last pass: for an audit all that it found, otherwise those that could not be repaired.
   */
  readonly left: Differences;
  /** The first rows of `left`. */
  readonly rows: readonly RowDifference[];
  readonly ranges: readonly RangeDifference[];
  /** What the run waits for; null: it doesn't wait. */
  readonly waitingFor: string | null;
  /** Why the run failed; null if it did not. */
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
