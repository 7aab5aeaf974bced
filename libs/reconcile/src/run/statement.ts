import { countOf, type ReconcileRun } from './reconcile-run';

/** The result of a run that is done. */
export interface Statement {
  readonly isEqual: boolean;
  readonly text: string;
}

/**
 * Undefined while the run is not done. "Equal as of version N": each entity was equal when it was compared, and the
 * comparison included every change up to N that was committed when the run began.
 */
export function statementOf(run: ReconcileRun): Statement | undefined {
  if (run.state !== 'done') return undefined;
  const { missing, extra, different } = run.left;
  if (countOf(run.left) > 0) {
    const text = `${missing} missing, ${extra} extra, ${different} different`;
    return { isEqual: false, text: run.kind === 'audit' ? text : `could not be repaired: ${text}` };
  }
  if (run.isUnverified) return { isEqual: false, text: 'all rows were sent; their arrival is not verified yet' };
  // Rows that are older than the source's outbox get their versions from the run.
  if (run.asOfVersion === '0') return { isEqual: true, text: 'equal; no entity had a version when the run began' };
  return { isEqual: true, text: `equal as of version ${run.asOfVersion}` };
}
