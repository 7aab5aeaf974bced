import { DataTable } from '../../ui/data-table';
import { formatCompact, formatDuration } from '../../ui/format';
import { TimeAgo } from '../../ui/time-ago';
import { describeDifferences } from './differences';
import type { Run } from './reconcile-queries';
import { RunStateBadge } from './run-state-badge';

interface RunTableProps {
  readonly runs: readonly Run[];
  onOpen(run: Run): void;
}

export function RunTable({ runs, onOpen }: RunTableProps) {
  return (
    <DataTable
      label="Runs"
      rows={runs}
      keyOf={({ id }) => id}
      columns={[
        {
          id: 'kind',
          label: 'Run',
          value: ({ kind }) => kind,
          cell: (run) => (
            <button type="button" className="row-open" onClick={() => onOpen(run)}>
              {run.kind}
            </button>
          ),
        },
        {
          id: 'pair',
          label: 'Replica and source',
          value: ({ subscriber, publisher }) => `${subscriber} ${publisher}`,
          cell: ({ subscriber, publisher }) => (
            <span>
              {subscriber} <span className="muted">against</span> {publisher}
            </span>
          ),
        },
        {
          id: 'type',
          label: 'Type',
          value: ({ entityType }) => entityType,
          cell: ({ entityType }) => <code>{entityType}</code>,
        },
        {
          id: 'result',
          label: 'Result',
          value: ({ state, isEqual }) => `${state}${isEqual}`,
          cell: (run) => <RunStateBadge run={run} />,
        },
        {
          id: 'found',
          label: 'Found',
          value: ({ differing }) => differing,
          cell: ({ found, kind, left }) => {
            const differences = describeDifferences(found);
            if (differences === undefined) return <span className="muted">none</span>;
            return `${differences}${kind !== 'audit' && describeDifferences(left) === undefined ? ', repaired' : ''}`;
          },
        },
        {
          id: 'rows',
          label: 'Entities',
          value: ({ sourceRows }) => sourceRows,
          cell: ({ sourceRows }) => formatCompact(sourceRows),
          atEnd: true,
        },
        {
          id: 'took',
          label: 'Duration',
          cell: ({ startedAt, endedAt }) =>
            startedAt && endedAt ? formatDuration(Date.parse(endedAt) - Date.parse(startedAt)) : '',
          atEnd: true,
        },
        {
          id: 'ended',
          label: 'Ended',
          value: ({ endedAt }) => endedAt,
          cell: ({ endedAt }) => (endedAt === undefined ? '' : <TimeAgo at={endedAt} />),
          atEnd: true,
        },
      ]}
    />
  );
}
