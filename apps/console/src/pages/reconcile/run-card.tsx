import { Button } from '../../ui/button';
import { Card } from '../../ui/card';
import type { Run } from './reconcile-queries';
import { RunControls } from './run-controls';
import { RunProgress } from './run-progress';
import { RunStateBadge } from './run-state-badge';

/** A run in progress. */
export function RunCard({ run, onOpen }: { readonly run: Run; onOpen(): void }) {
  const { kind, publisher, subscriber, entityType } = run;
  return (
    <Card
      title={`${kind[0]?.toUpperCase()}${kind.slice(1)} of ${subscriber}`}
      note={`against ${publisher}, ${entityType}`}
      actions={
        <>
          <RunStateBadge run={run} />
          <RunControls run={run} />
          <Button small onClick={onOpen}>
            Details
          </Button>
        </>
      }
    >
      <RunProgress run={run} />
    </Card>
  );
}
