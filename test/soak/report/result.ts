import type { Finding } from '../checker/finding';
import type { Episode } from '../schedule/fault';
import type { TimelineEntry } from '../timeline';
import type { WriteCounts } from '../workload/target';
import type { MemoryTrend } from './memory-trend';
import type { RecoverySummary } from './recovery-times';

/** The result of a soak, as written to its JSON file. */
export interface SoakResult {
  readonly seed: number;
  readonly minutes: number;
  readonly startedAt: string;
  readonly node: string;
  /** Committed changes of users, tenants and projects. */
  readonly changes: number;
  readonly writes: WriteCounts;
  /** Duplicates that were sent on purpose. */
  readonly duplicates: number;
  readonly episodes: number;
  /** Number of faults by kind. */
  readonly faults: Readonly<Record<string, number>>;
  readonly lost: number;
  readonly doubled: number;
  readonly backwards: number;
  readonly phantom: number;
  /** Events that were parked although all events are valid. */
  readonly parked: number;
  readonly unexpectedExits: number;
  /** What was missing when the system did not recover in time; empty if it always recovered. */
  readonly stuck: readonly string[];
  readonly findings: readonly Finding[];
  readonly recovery: Readonly<Record<string, RecoverySummary>>;
  readonly memory: Readonly<Record<string, MemoryTrend>>;
  readonly schedule: readonly Episode[];
  readonly timeline: readonly TimelineEntry[];
}

export function isGood(result: SoakResult): boolean {
  const { lost, doubled, backwards, phantom, parked, unexpectedExits, stuck } = result;
  return lost + doubled + backwards + phantom + parked + unexpectedExits + stuck.length === 0;
}

export function faultsIn({ faults }: SoakResult): number {
  return Object.values(faults).reduce((sum, count) => sum + count, 0);
}
