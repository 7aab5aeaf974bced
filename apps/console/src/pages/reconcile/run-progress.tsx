import { formatCompact, formatDuration } from '../../ui/format';
import { Progress } from '../../ui/progress';
import type { Run } from './reconcile-queries';

/** The progress of a run, its rate, the remaining time, and what it is waiting for. */
export function RunProgress({ run }: { readonly run: Run }) {
  const { kind, publisher, subscriber, compared, sourceRows, rowsPerSecond, secondsLeft, pass, waitingFor } = run;
  const parts = [
    `${formatCompact(compared)} of ${formatCompact(sourceRows)} entities compared`,
    pass > 1 && `pass ${pass}`,
    rowsPerSecond !== undefined && `${formatCompact(rowsPerSecond)}/s`,
    secondsLeft !== undefined && secondsLeft > 0 && `${formatDuration(secondsLeft * 1_000)} left`,
  ];
  return (
    <div className="stack-s">
      <Progress
        label={`Progress of the ${kind} of ${subscriber} against ${publisher}`}
        done={compared}
        of={sourceRows}
      />
      <p className="muted number">{parts.filter(Boolean).join(' · ')}</p>
      {waitingFor !== undefined && <p className="quiet">Waiting for {waitingFor}.</p>}
    </div>
  );
}
