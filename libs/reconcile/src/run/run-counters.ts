import type { ReadState } from '@dbem/transport';
import { differingValues, kindOf } from './compare-states';
import {
  type DifferenceKind,
  type Differences,
  NO_DIFFERENCES,
  type RangeDifference,
  type ReconcileRun,
  type RowDifference,
} from './reconcile-run';

/** Maximum number of differences that a run lists; it counts all of them. */
const MAX_LISTED = 100;

/** Results of comparing a group of ranges. Added to the run when the group is done, so a repeated group counts once. */
export class RunCounters {
  private found: Differences = NO_DIFFERENCES;
  private left: Differences = NO_DIFFERENCES;
  private readonly rows: RowDifference[] = [];
  private readonly ranges: RangeDifference[] = [];
  isUnverified = false;

  addFound(kind: DifferenceKind, count = 1): void {
    this.found = { ...this.found, [kind]: this.found[kind] + count };
  }

  addLeftRow(fields: readonly string[], replica: ReadState, source: ReadState): void {
    const kind = kindOf(replica, source);
    this.left = { ...this.left, [kind]: this.left[kind] + 1 };
    if (this.rows.length >= MAX_LISTED) return;
    this.rows.push({
      kind,
      entityId: source.entityId,
      fields: differingValues(replica, source).map((place) => fields[place] ?? ''),
      sourceVersion: source.version,
      replicaVersion: replica.version,
    });
  }

  addLeftRange(range: RangeDifference): void {
    this.left = { ...this.left, missing: this.left.missing + range.missing };
    if (this.ranges.length < MAX_LISTED) this.ranges.push(range);
  }

  addTo(run: ReconcileRun): Pick<ReconcileRun, 'found' | 'left' | 'rows' | 'ranges' | 'isUnverified'> {
    return {
      found: run.pass === 1 ? sum(run.found, this.found) : run.found,
      left: sum(run.left, this.left),
      rows: [...run.rows, ...this.rows].slice(0, MAX_LISTED),
      ranges: [...run.ranges, ...this.ranges].slice(0, MAX_LISTED),
      isUnverified: run.isUnverified || this.isUnverified,
    };
  }
}

function sum(one: Differences, other: Differences): Differences {
  return {
    missing: one.missing + other.missing,
    extra: one.extra + other.extra,
    different: one.different + other.different,
  };
}
