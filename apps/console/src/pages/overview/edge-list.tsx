import { SearchX } from 'lucide-react';
import { memo, useMemo } from 'react';
import { type Edge, edgeKey } from '../../live/apply-changes';
import { EDGE_STATES } from '../../live/edge-states';
import { statesOf } from '../../live/severity';
import { Badge } from '../../ui/badge';
import { Card } from '../../ui/card';
import { DataTable } from '../../ui/data-table';
import { EmptyState } from '../../ui/empty-state';
import { formatCount, formatDuration, formatRate, plural } from '../../ui/format';
import type { GraphOptions } from './graph/graph';

const MAX_ROWS = 50;
const STATES = Object.keys(EDGE_STATES);

interface EdgeListProps {
  readonly edges: readonly Edge[];
  readonly options: GraphOptions;
  onOpen(edge: Edge): void;
}

/** The subscriptions as a table, most severe first: the graph's content for phones and screen readers. */
export const EdgeList = memo(function EdgeList({ edges, options: { focus, search }, onOpen }: EdgeListProps) {
  const matching = useMemo(
    () =>
      edges
        .filter(({ publisher, subscriber }) =>
          focus === ''
            ? publisher.includes(search) || subscriber.includes(search)
            : publisher === focus || subscriber === focus,
        )
        .sort((one, other) => severity(one) - severity(other)),
    [edges, focus, search],
  );
  return (
    <Card
      title="Subscriptions"
      note={
        matching.length > MAX_ROWS
          ? `The first ${MAX_ROWS} of ${plural(matching.length, 'subscription')}, most severe first.`
          : 'Most severe first.'
      }
      flush
    >
      {matching.length === 0 ? (
        <EmptyState icon={SearchX} title="No matching subscriptions">
          Check the spelling of the name. A service that neither publishes nor subscribes is not listed.
        </EmptyState>
      ) : (
        <DataTable
          label="Subscriptions"
          rows={matching.slice(0, MAX_ROWS)}
          keyOf={edgeKey}
          columns={[
            {
              id: 'publisher',
              label: 'Publisher',
              value: ({ publisher }) => publisher,
              cell: (edge) => (
                <button
                  type="button"
                  className="row-open"
                  aria-label={`${edge.publisher} to ${edge.subscriber}`}
                  onClick={() => onOpen(edge)}
                >
                  {edge.publisher}
                </button>
              ),
            },
            {
              id: 'subscriber',
              label: 'Subscriber',
              value: ({ subscriber }) => subscriber,
              cell: ({ subscriber }) => subscriber,
            },
            {
              id: 'state',
              label: 'State',
              value: (edge) => severity(edge),
              cell: (edge) => {
                const [state = 'flowing'] = statesOf(edge);
                return <Badge tone={EDGE_STATES[state].tone}>{EDGE_STATES[state].name}</Badge>;
              },
            },
            {
              id: 'rate',
              label: 'Events/s',
              value: ({ inPerS }) => inPerS,
              cell: ({ inPerS }) => formatRate(inPerS),
              atEnd: true,
            },
            {
              id: 'lag',
              label: 'Lag p50',
              value: ({ lagP50Ms }) => lagP50Ms,
              cell: ({ lagP50Ms, lastLagMs }) => {
                const lagMs = lagP50Ms ?? lastLagMs;
                return lagMs === undefined ? '–' : formatDuration(Math.max(lagMs, 0));
              },
              atEnd: true,
            },
            {
              id: 'depth',
              label: 'Waiting',
              value: ({ depth }) => depth,
              cell: ({ depth }) => formatCount(depth),
              atEnd: true,
            },
            {
              id: 'parked',
              label: 'Parked',
              value: ({ parked }) => parked,
              cell: ({ parked }) => formatCount(parked),
              atEnd: true,
            },
          ]}
        />
      )}
    </Card>
  );
});

function severity(edge: Edge): number {
  return STATES.indexOf(statesOf(edge)[0] ?? 'flowing');
}
