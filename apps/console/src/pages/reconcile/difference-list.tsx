import { Link } from 'react-router';
import { Badge } from '../../ui/badge';
import { DataTable } from '../../ui/data-table';
import { entityPath } from '../entity/entity-path';
import type { Run } from './reconcile-queries';

const NAMES = { missing: 'missing', extra: 'orphan', different: 'different' } as const;

/** The differences that remain after a run, per entity. The API returns the first hundred. */
export function DifferenceList({ run }: { readonly run: Run }) {
  const { rows, ranges, publisher, entityType, kind } = run;
  if (rows.length === 0 && ranges.length === 0) return null;
  return (
    <section className="stack-s">
      <h3>{kind === 'audit' ? 'Differences' : 'Remaining differences'}</h3>
      {ranges.map(({ after, to, missing }) => (
        <p key={`${after}~${to}`} className="break">
          <Badge tone="warn">missing</Badge> {missing} from <code>{after ?? 'the start'}</code> to{' '}
          <code>{to ?? 'the end'}</code>
        </p>
      ))}
      {rows.length > 0 && (
        <DataTable
          label="Differences"
          rows={rows}
          keyOf={({ entityId }) => entityId}
          columns={[
            {
              id: 'entity',
              label: 'Entity',
              value: ({ entityId }) => entityId,
              cell: ({ entityId }) => (
                <Link className="break" to={entityPath(publisher, entityType, entityId)}>
                  {entityId}
                </Link>
              ),
            },
            {
              id: 'kind',
              label: 'Difference',
              value: (row) => row.kind,
              cell: (row) => <Badge tone="warn">{NAMES[row.kind]}</Badge>,
            },
            { id: 'fields', label: 'Fields', cell: ({ fields }) => <code className="break">{fields.join(', ')}</code> },
            { id: 'source', label: 'Source', cell: ({ sourceVersion }) => sourceVersion ?? 'none', atEnd: true },
            { id: 'replica', label: 'Replica', cell: ({ replicaVersion }) => replicaVersion ?? 'none', atEnd: true },
          ]}
        />
      )}
    </section>
  );
}
