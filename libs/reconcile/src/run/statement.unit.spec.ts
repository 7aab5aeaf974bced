import { describe, expect, it } from 'vitest';
import type { ReconcileRun } from './reconcile-run';
import { startRun } from './start-run';
import { statementOf } from './statement';

const KEY = { publisher: 'user.profile', subscriber: 'sharing', entityType: 'USER_PROFILE' } as const;

function run(change: Partial<ReconcileRun>): ReconcileRun {
  return { ...startRun({ ...KEY, kind: 'audit', requestedBy: 'ada' }), state: 'done', asOfVersion: '7', ...change };
}

describe('statementOf', () => {
  it('A reconcile run that is not done has no statement', () => {
    expect(statementOf(run({ state: 'running' }))).toBeUndefined();
    expect(statementOf(run({ state: 'cancelled' }))).toBeUndefined();
  });

  it('A reconcile run without differences names the version as of which the replica was equal', () => {
    expect(statementOf(run({}))).toEqual({ isEqual: true, text: 'equal as of version 7' });
  });

  it('A reconcile run without differences names no version where no entity had one', () => {
    const text = 'equal; no entity had a version when the run began';
    expect(statementOf(run({ asOfVersion: '0' }))).toEqual({ isEqual: true, text });
  });

  it('A reconcile run with differences counts them, and states whether it was to repair them', () => {
    const left = { missing: 1, extra: 2, different: 3 };
    expect(statementOf(run({ left }))).toEqual({ isEqual: false, text: '1 missing, 2 extra, 3 different' });
    expect(statementOf(run({ left, kind: 'repair' }))?.text).toBe(
      'could not be repaired: 1 missing, 2 extra, 3 different',
    );
  });

  it('A reconcile run that is unverified does not state that the replica is equal', () => {
    expect(statementOf(run({ kind: 'backfill', isUnverified: true }))?.isEqual).toBe(false);
  });
});
