import { DataTable } from '../../ui/data-table';
import { TimeAgo } from '../../ui/time-ago';
import type { ParkedEvent } from './parked-queries';
import { RelevanceBadge } from './relevance-badge';

interface ParkedTableProps {
  readonly items: readonly ParkedEvent[];
  onOpen(event: ParkedEvent): void;
}

export function ParkedTable({ items, onOpen }: ParkedTableProps) {
  return (
    <DataTable
      label="Parked events"
      rows={items}
      keyOf={({ service, id }) => `${service}/${id}`}
      columns={[
        {
          id: 'entity',
          label: 'Entity',
          value: ({ entityId }) => entityId,
          cell: (event) => (
            <button type="button" className="row-open break" onClick={() => onOpen(event)}>
              {event.entityId ?? 'unreadable message'}
            </button>
          ),
        },
        {
          id: 'type',
          label: 'Type',
          value: ({ entityType }) => entityType,
          cell: ({ entityType }) => entityType !== undefined && <code>{entityType}</code>,
        },
        {
          id: 'change',
          label: 'Change',
          value: ({ crudType }) => crudType,
          cell: ({ crudType, version }) =>
            crudType !== undefined && (
              <span className="nowrap quiet">
                {crudType?.toLowerCase()} {version !== undefined && <span className="number">v{version}</span>}
              </span>
            ),
        },
        {
          id: 'publisher',
          label: 'Publisher',
          value: ({ publisher }) => publisher,
          cell: ({ publisher }) => publisher ?? '',
        },
        { id: 'service', label: 'Parked by', value: ({ service }) => service, cell: ({ service }) => service },
        {
          id: 'reason',
          label: 'Reason',
          value: ({ reasonCode }) => reasonCode,
          cell: ({ reasonCode, reason }) => (
            <span title={reason}>
              <code>{reasonCode}</code>
            </span>
          ),
        },
        {
          id: 'relevance',
          label: 'Relevance',
          value: ({ relevance }) => relevance,
          cell: ({ relevance }) => <RelevanceBadge relevance={relevance} />,
        },
        {
          id: 'failed',
          label: 'Last failed',
          value: ({ lastFailedAt }) => lastFailedAt,
          cell: ({ lastFailedAt }) => (lastFailedAt === undefined ? '' : <TimeAgo at={lastFailedAt} />),
          atEnd: true,
        },
      ]}
    />
  );
}
