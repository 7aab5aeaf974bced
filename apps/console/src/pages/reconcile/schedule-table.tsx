import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { answer, api } from '../../api/client';
import type { EntityType } from '../../api/entity-types';
import { Button } from '../../ui/button';
import { ConfirmDialog } from '../../ui/confirm-dialog';
import { DataTable } from '../../ui/data-table';
import { formatDuration } from '../../ui/format';
import { TimeAgo } from '../../ui/time-ago';
import type { Schedule } from './reconcile-queries';

interface ScheduleTableProps {
  readonly schedules: readonly Schedule[];
  readonly mayChange: boolean;
}

export function ScheduleTable({ schedules, mayChange }: ScheduleTableProps) {
  const [removing, setRemoving] = useState<Schedule>();
  const queryClient = useQueryClient();
  return (
    <>
      <DataTable
        label="Schedules"
        rows={schedules}
        keyOf={({ publisher, subscriber, entityType }) => `${publisher}~${subscriber}~${entityType}`}
        columns={[
          { id: 'kind', label: 'Run', value: ({ kind }) => kind, cell: ({ kind }) => kind },
          {
            id: 'pair',
            label: 'Replica and source',
            value: ({ subscriber }) => subscriber,
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
            id: 'interval',
            label: 'Interval',
            value: ({ intervalSeconds }) => intervalSeconds,
            cell: ({ intervalSeconds }) => formatDuration(intervalSeconds * 1_000),
          },
          {
            id: 'last',
            label: 'Last started',
            value: ({ lastStartedAt }) => lastStartedAt,
            cell: ({ lastStartedAt }) => (lastStartedAt === undefined ? 'never' : <TimeAgo at={lastStartedAt} />),
          },
          {
            id: 'remove',
            label: '',
            cell: (schedule) =>
              mayChange && (
                <Button small variant="danger" onClick={() => setRemoving(schedule)}>
                  Remove…
                </Button>
              ),
            atEnd: true,
          },
        ]}
      />
      {removing !== undefined && (
        <ConfirmDialog
          title="Remove this schedule?"
          action="Remove"
          danger
          perform={() =>
            answer(
              api.DELETE('/admin/v1/reconcile-schedules/{publisher}/{subscriber}/{entityType}', {
                params: {
                  path: {
                    publisher: removing.publisher,
                    subscriber: removing.subscriber,
                    entityType: removing.entityType as EntityType,
                  },
                },
              }),
            )
          }
          onDone={() => {
            void queryClient.invalidateQueries({ queryKey: ['schedules'] });
            setRemoving(undefined);
          }}
          onClose={() => setRemoving(undefined)}
        >
          <p>
            {removing.subscriber} will no longer be compared with {removing.publisher} automatically.
          </p>
        </ConfirmDialog>
      )}
    </>
  );
}
