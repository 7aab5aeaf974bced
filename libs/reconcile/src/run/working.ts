import type { Orphan, RowToSend } from '@dbem/transport';
import type { Clock, ReplicaEndpoint, SourceEndpoint } from './endpoints.port';
import type { RunCounters } from './run-counters';

/** The context of a run while a group of ranges is compared. */
export interface Working {
  readonly endpoints: { readonly source: SourceEndpoint; readonly replica: ReplicaEndpoint };
  readonly clock: Clock;
  readonly fields: readonly string[];
  readonly isRepairing: boolean;
  /** True from the second pass on: most rows have been sent already and may be in transit. */
  readonly isVerifying: boolean;
  readonly verifyAfterMs: number;
  readonly counters: RunCounters;
  /** See `Throttle.isClear`. */
  isClear(): Promise<boolean>;
  /** Resolves when nothing waits for the subscriber, or when that takes too long. */
  awaitArrival(): Promise<void>;
  /** `rows` more entities have been compared. */
  noteCompared(rows: number): Promise<void>;
  /** Sends, throttled, and counts. */
  sendRows(rows: readonly RowToSend[]): Promise<void>;
  deleteOrphans(orphans: readonly Orphan[]): Promise<void>;
  sendRange(range: { after: string | null; to: string | null }): Promise<void>;
}
