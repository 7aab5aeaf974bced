import type { EntityType } from '@dbem/db-event';
import type { DeepReadonly } from '@dbem/runtime';
import { z } from 'zod';

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
  readonly verifyAfterMs: number;
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
  /** Orphans removed. */
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

/** A range of which the replica holds nothing. */
export const RangeDifference = z
  .object({
    after: z.string().nullable().describe('Entity id before the range; null: from the first.'),
    to: z.string().nullable().describe('Last entity id of the range; null: to the last.'),
    missing: z.number().describe('Entities that the source has there; the replica has none.'),
  })
  .meta({ id: 'RangeDifferenceDto' });

export type RangeDifference = DeepReadonly<z.infer<typeof RangeDifference>>;

/** A run with all that it has come to; whoever takes it over goes on from here. Times: ms since 1970. */
export interface ReconcileRun extends RunKey {
  readonly id: string;
  readonly kind: RunKind;
  readonly options: RunOptions;
  /** Who asked: a person's name, `subscription`, `schedule`, `expiry`. */
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
