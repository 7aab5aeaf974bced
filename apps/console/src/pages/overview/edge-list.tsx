import { SearchX } from 'lucide-react';
import { memo, useMemo } from 'react';
import { type Edge, edgeKey } from '../../live/apply-changes';
import { EDGE_STATES } from '../../live/edge-states';
import { statesOf } from '../../live/gravity';
import { Badge } from '../../ui/badge';
import { Card } from '../../ui/card';
import { DataTable } from '../../ui/data-table';
import { EmptyState } from '../../ui/empty-state';
import { formatCount, formatDuration, formatRate, plural } from '../../ui/format';
import type { GraphOptions } from './graph/graph';

const MOST_ROWS = 50;
const GRAVITY = Object.keys(EDGE_STATES);

interface EdgeListProps {
  readonly edges: readonly Edge[];
  readonly options: GraphOptions;
  onOpen(edge: Edge): void;
}

/** Every subscription in a line, those in trouble first: what the graph shows, for phones and for who can't see it. */
export const EdgeList = memo(function EdgeList({ edges, options: { focus, search }, onOpen }: EdgeListProps) {
  const meant = useMemo(
    () =>
      edges
        .filter(({ publisher, subscriber }) =>
          focus === ''
            ? publisher.includes(search) || subscriber.includes(search)
            : publisher === focus || subscriber === focus,
        )
        .sort((one, other) => gravity(one) - gravity(other)),
    [edges, focus, search],
  );
  return (
    <Card
      title="Subscriptions"
      note={
        meant.length > MOST_ROWS
          ? `The first ${MOST_ROWS} of ${plural(meant.length, 'subscription')}, gravest first.`
          : 'Gravest first.'
      }
      flush
    >
      {meant.length === 0 ? (
        <EmptyState icon={SearchX} title="No subscription of such a service">
          The name may be spelt otherwise; or the service neither publishes nor subscribes.
        </EmptyState>
      ) : (
        <DataTable
          label="Subscriptions"
          rows={meant.slice(0, MOST_ROWS)}
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
              value: (edge) => gravity(edge),
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

function gravity(edge: Edge): number {
  return GRAVITY.indexOf(statesOf(edge)[0] ?? 'flowing');
}
