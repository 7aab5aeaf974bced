import { Badge } from '../../ui/badge';
import type { Run } from './reconcile-queries';

/** The state of a run, or the result of a finished one. */
export function RunStateBadge({ run }: { readonly run: Pick<Run, 'state' | 'isEqual'> }) {
  const { state, isEqual } = run;
  if (state === 'done') return isEqual ? <Badge tone="ok">equal</Badge> : <Badge tone="warn">differs</Badge>;
  if (state === 'failed') return <Badge tone="bad">failed</Badge>;
  if (state === 'cancelled' || state === 'paused') return <Badge tone="idle">{state}</Badge>;
  return <Badge tone="info">{state}</Badge>;
}
