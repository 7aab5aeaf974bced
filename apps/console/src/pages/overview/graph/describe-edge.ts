import type { Edge } from '../../../live/apply-changes';
import { EDGE_STATES } from '../../../live/edge-states';
import { statesOf } from '../../../live/severity';
import { formatCompact, formatDuration, formatRate } from '../../../ui/format';

/** A subscription in a few characters: its state, or its rate and lag if it is flowing. */
export function describeEdge(edge: Edge): string {
  const [state = 'flowing'] = statesOf(edge);
  const { inPerS, depth, parked, lagP50Ms, lastLagMs } = edge;
  if (state === 'unconsumed') return `no consumer · ${formatCompact(depth)} waiting`;
  if (state === 'paused') return `paused · ${formatCompact(depth)} waiting`;
  if (state === 'parked') return `${formatCompact(parked)} parked · ${formatRate(inPerS)}/s`;
  const lagMs = lagP50Ms ?? lastLagMs;
  const lag = lagMs === undefined ? '' : ` · ${formatDuration(Math.max(lagMs, 0))}`;
  return state === 'flowing' ? `${formatRate(inPerS)}/s${lag}` : `${EDGE_STATES[state].name}${lag}`;
}
