import type { ReconcileRun } from '@dbem/reconcile';

/** Which reconcile runs are under way. */
export abstract class ReconcileRuns {
  /** Rejects while their store can't be read. */
  abstract underWay(): Promise<readonly ReconcileRun[]>;
}
