import type { Ghost, RowToSend } from '@dbem/transport';
import type { Clock, ReplicaSide, SourceSide } from './sides.port';
import type { Tally } from './tally';

/** What the parts of a run's work share while a group of ranges is compared. */
export interface Working {
  readonly sides: { readonly source: SourceSide; readonly replica: ReplicaSide };
  readonly clock: Clock;
  readonly fields: readonly string[];
  readonly isHealing: boolean;
  /** Most has been sent already: it may be on its way. */
  readonly isVerifying: boolean;
  readonly settleMs: number;
  readonly tally: Tally;
  /** Nothing waits for the subscriber. */
  isClear(): Promise<boolean>;
  /** Resolves when nothing waits for the subscriber, or it can't be waited for any longer. */
  awaitArrival(): Promise<void>;
  /** So many entities more are compared. */
  noteCompared(rows: number): Promise<void>;
  /** Sends at the run's pace, and counts. */
  sendRows(rows: readonly RowToSend[]): Promise<void>;
  bury(ghosts: readonly Ghost[]): Promise<void>;
  sendRange(range: { after: string | null; to: string | null }): Promise<void>;
}
