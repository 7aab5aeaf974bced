import './run-detail.css';
import { useState } from 'react';
import { useMayChange } from '../../session/use-may-change';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { Facts } from '../../ui/facts';
import { formatBytes, formatCount, formatDuration } from '../../ui/format';
import { TimeAgo } from '../../ui/time-ago';
import { DifferenceList } from './difference-list';
import { describeDifferences } from './differences';
import { isUnderWay, type Run } from './reconcile-queries';
import { RunControls } from './run-controls';
import { RunProgress } from './run-progress';
import { RunStateBadge } from './run-state-badge';
import { StartRunDialog } from './start-run-dialog';

/** One run: its result, the differences found and remaining, and a button to repair them. */
export function RunDetail({ run, onClose }: { readonly run: Run; onClose(): void }) {
  const [isRepairing, setRepairing] = useState(false);
  const mayChange = useMayChange();
  const { kind, publisher, subscriber, entityType, startedAt, endedAt, options, error } = run;
  const hasDrift = kind === 'audit' && run.state === 'done' && run.isEqual === false;
  return (
    <Dialog side title={`${kind} of ${subscriber}`} note={`against ${publisher}, ${entityType}`} onClose={onClose}>
      {run.statement !== undefined && (
        <div className={`statement statement-${run.isEqual ? 'equal' : 'differs'}`}>
          {run.statement}
          <p>
            {run.isEqual
              ? 'Every change that was committed up to that version has been compared.'
              : 'The differences are listed below; a repair sends only these entities.'}
          </p>
        </div>
      )}
      {isUnderWay(run) && <RunProgress run={run} />}
      {error !== undefined && <p role="alert">{error}</p>}
      <div className="row">
        <RunControls run={run} />
        {mayChange && hasDrift && (
          <Button variant="primary" onClick={() => setRepairing(true)}>
            Repair…
          </Button>
        )}
      </div>
      <Facts
        of={[
          ['State', <RunStateBadge key="state" run={run} />],
          ['Found', describeDifferences(run.found) ?? 'none'],
          ['Remaining', kind === 'audit' ? undefined : (describeDifferences(run.left) ?? 'none')],
          ['Compared', `${formatCount(run.compared)} of ${formatCount(run.sourceRows)} entities`],
          ['Sent', kind === 'audit' ? undefined : `${formatCount(run.sent)} entities, ${formatBytes(run.sentBytes)}`],
          ['Orphans deleted', kind === 'audit' ? undefined : formatCount(run.removed)],
          ['Requested by', run.requestedBy],
          ['Started', startedAt && <TimeAgo at={startedAt} />],
          ['Duration', startedAt && endedAt && formatDuration(Date.parse(endedAt) - Date.parse(startedAt))],
          ['Passes', formatCount(run.pass)],
          [
            'Limits',
            `${formatCount(options.maxRowsPerSecond ?? 0)} entities/s, ${formatCount(options.maxQueueDepth ?? 0)} events waiting, differences verified after ${formatDuration(options.verifyAfterMs ?? 0)}`,
          ],
        ]}
      />
      <DifferenceList run={run} />
      {isRepairing && (
        <StartRunDialog
          given={{ publisher, subscriber, entityType, kind: 'repair' }}
          onStarted={onClose}
          onClose={() => setRepairing(false)}
        />
      )}
    </Dialog>
  );
}
