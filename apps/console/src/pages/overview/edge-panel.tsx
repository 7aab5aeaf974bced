import { Link } from 'react-router';
import type { Edge } from '../../live/apply-changes';
import { EDGE_STATES } from '../../live/edge-states';
import { statesOf } from '../../live/severity';
import { Badge } from '../../ui/badge';
import { Facts } from '../../ui/facts';
import { formatCount, formatDuration, formatRate } from '../../ui/format';
import { edgeAdvice } from './edge-advice';
import { PanelFrame } from './panel-frame';

/** One subscription: its states, advice, metrics, and links to act on it. */
export function EdgePanel({ edge, onClose }: { readonly edge: Edge; onClose(): void }) {
  const { publisher, subscriber, entityTypes, inPerS, outPerS, depth, consumers, parked, versionsBehind } = edge;
  const duration = (ms: number | undefined) => (ms === undefined ? undefined : formatDuration(Math.max(ms, 0)));
  return (
    <PanelFrame title={`${publisher} → ${subscriber}`} kind="Subscription" onClose={onClose}>
      <ul className="stack-s">
        {statesOf(edge).map((state) => (
          <li key={state}>
            <Badge tone={EDGE_STATES[state].tone}>{EDGE_STATES[state].name}</Badge>{' '}
            <span className="quiet">{EDGE_STATES[state].meaning}</span>
          </li>
        ))}
      </ul>
      <p>{edgeAdvice(edge)}</p>
      <Facts
        of={[
          [
            'Forwarded',
            <span key="in" className="number">
              {formatRate(inPerS)}/s
            </span>,
          ],
          [
            'Processed',
            <span key="out" className="number">
              {formatRate(outPerS)}/s
            </span>,
          ],
          ['Lag p50', duration(edge.lagP50Ms)],
          ['Lag p99', duration(edge.lagP99Ms)],
          ['Last lag', duration(edge.lastLagMs)],
          ['Waiting', formatCount(depth)],
          ['Consumers', formatCount(consumers)],
          ['Parked', formatCount(parked)],
          ['Versions behind', versionsBehind === undefined ? undefined : formatCount(versionsBehind)],
          ['Entity types', entityTypes === undefined ? 'all' : <code key="types">{entityTypes.join(', ')}</code>],
        ]}
      />
      <div className="row">
        <Link className="button button-small" to={`/flow?${new URLSearchParams({ publisher, subscriber })}`}>
          Flow
        </Link>
        {parked > 0 && (
          <Link className="button button-small" to={`/parked?${new URLSearchParams({ service: subscriber })}`}>
            Parked events
          </Link>
        )}
        <Link
          className="button button-small"
          to={`/subscriptions?${new URLSearchParams({ open: `${publisher}~${subscriber}` })}`}
        >
          Subscription
        </Link>
        <Link className="button button-small" to={`/reconcile?${new URLSearchParams({ publisher, subscriber })}`}>
          Reconcile
        </Link>
      </div>
    </PanelFrame>
  );
}
