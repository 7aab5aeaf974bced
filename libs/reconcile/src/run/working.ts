import type { Orphan, RowToSend } from '@dbem/transport';
import type { Clock, ReplicaEndpoint, SourceEndpoint } from './endpoints.port';
import type { RunCounters } from './run-counters';

/** What the parts of a run's work share while a group of ranges is compared. */
export interface Working {
  readonly endpoints: { readonly source: SourceEndpoint; readonly replica: ReplicaEndpoint };
  readonly clock: Clock;
  readonly fields: readonly string[];
  readonly isHealing: boolean;
  /** Most has been sent already: it may be on its way. */
  readonly isVerifying: boolean;
  readonly verifyAfterMs: number;
  readonly counters: RunCounters;
  /** Nothing waits for the subscriber. */
  isClear(): Promise<boolean>;
  /** Resolves when nothing waits for the subscriber, or it can't be waited for any longer. */
  awaitArrival(): Promise<void>;
  /** So many entities more are compared. */
  noteCompared(rows: number): Promise<void>;
  /** Sends at the run's pace, and counts. */
  sendRows(rows: readonly RowToSend[]): Promise<void>;
  deleteOrphans(orphans: readonly Orphan[]): Promise<void>;
  sendRange(range: { after: string | null; to: string | null }): Promise<void>;
}
