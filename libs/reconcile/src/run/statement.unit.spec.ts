import { describe, expect, it } from 'vitest';
import type { ReconcileRun } from './reconcile-run';
import { startRun } from './start-run';
import { statementOf } from './statement';

const KEY = { publisher: 'user.profile', subscriber: 'sharing', entityType: 'USER_PROFILE' } as const;

function run(change: Partial<ReconcileRun>): ReconcileRun {
  return { ...startRun({ ...KEY, kind: 'audit', requestedBy: 'ada' }), state: 'done', asOfVersion: '7', ...change };
}

describe('what a run says of the replica', () => {
  it('is nothing before the run is done', () => {
    expect(statementOf(run({ state: 'running' }))).toBeUndefined();
    expect(statementOf(run({ state: 'cancelled' }))).toBeUndefined();
  });

  it('names the version up to which it was equal', () => {
    expect(statementOf(run({}))).toEqual({ isEqual: true, text: 'equal as of version 7' });
  });

  it('names no version where there was none', () => {
    const text = 'equal; no entity had a version when the run began';
    expect(statementOf(run({ asOfVersion: '0' }))).toEqual({ isEqual: true, text });
  });

  it('counts what is left, and says whether it was meant to be healed', () => {
    const left = { missing: 1, extra: 2, different: 3 };
    expect(statementOf(run({ left }))).toEqual({ isEqual: false, text: '1 missing, 2 extra, 3 different' });
    expect(statementOf(run({ left, kind: 'repair' }))?.text).toBe(
      'could not be healed: 1 missing, 2 extra, 3 different',
    );
  });

  it('claims nothing that it has not seen', () => {
    expect(statementOf(run({ kind: 'backfill', isUnverified: true }))?.isEqual).toBe(false);
  });
});
