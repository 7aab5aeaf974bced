import type { ReconcileRun } from '@dbem/reconcile';

/** Lists the reconcile runs that are under way. */
export abstract class ReconcileRuns {
  /** Rejects while their store is unavailable. */
  abstract underWay(): Promise<readonly ReconcileRun[]>;
}
