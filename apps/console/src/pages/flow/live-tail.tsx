import './live-tail.css';
import { Pause, Play, Radio } from 'lucide-react';
import { useState } from 'react';
import { ENTITY_TYPES } from '../../api/entity-types';
import { useMayChange } from '../../session/use-may-change';
import { useMe } from '../../session/use-me';
import { Badge } from '../../ui/badge';
import { Button } from '../../ui/button';
import { Card } from '../../ui/card';
import { DataTable } from '../../ui/data-table';
import { EmptyState } from '../../ui/empty-state';
import { formatBytes, formatClock, plural } from '../../ui/format';
import { ProblemNote } from '../../ui/problem-note';
import { SelectField } from '../../ui/select-field';
import { TextField } from '../../ui/text-field';
import { EventDetail } from './event-detail';
import { type TappedEvent, useTail } from './use-tail';

const OPERATIONS = ['CREATE', 'UPDATE', 'DELETE', 'READ'] as const;

/** The events that match the filters, as they pass; each can be opened. */
export function LiveTail({ publisher, subscriber }: { readonly publisher: string; readonly subscriber: string }) {
  const [entityType, setEntityType] = useState<string>('');
  const [operation, setOperation] = useState<string>('');
  const [entityId, setEntityId] = useState('');
  const [isOn, setOn] = useState(true);
  const [open, setOpen] = useState<TappedEvent>();
  // Only operators may see the content of entities.
  const withContent = useMayChange();
  const filter = { publisher, subscriber, entityType, entityId: entityId.trim(), operation };
  // Waits for the role: switching to a tail with content would clear the events shown so far.
  const { isPending: isRoleUnknown } = useMe();
  const { events, skipped, problem, isOpen } = useTail(filter, { isOn: isOn && !isRoleUnknown, withContent });
  return (
    <Card
      title="Live tail"
      note={
        skipped > 0
          ? `${plural(skipped, 'event')} not shown: too many to display. Narrow the filter.`
          : 'An event appears once every queue has confirmed it.'
      }
      actions={
        <>
          {isOn && isOpen ? (
            <Badge tone="ok">following</Badge>
          ) : (
            <Badge tone="idle">{isOn ? 'connecting' : 'stopped'}</Badge>
          )}
          <Button small onClick={() => setOn(!isOn)}>
            {isOn ? <Pause size={13} aria-hidden /> : <Play size={13} aria-hidden />}
            {isOn ? 'Stop' : 'Follow'}
          </Button>
        </>
      }
      flush
    >
      <div className="card-body">
        <search className="filters">
          <SelectField
            label="Entity type"
            value={entityType}
            options={[['', 'any'], ...ENTITY_TYPES.map((type) => [type, type] as const)]}
            onChange={setEntityType}
          />
          <SelectField
            label="Operation"
            value={operation}
            options={[['', 'any'], ...OPERATIONS.map((one) => [one, one] as const)]}
            onChange={setOperation}
          />
          <TextField label="Entity ID" value={entityId} onChange={setEntityId} placeholder="ada@seagrid" />
        </search>
        {problem !== undefined && <ProblemNote error={problem} what="The live tail is disconnected." />}
      </div>
      {events.length === 0 ? (
        <EmptyState icon={Radio} title={isOn ? 'Waiting for events' : 'Stopped'}>
          {isOn
            ? 'New events that match the filters appear here. Change an entity to see one.'
            : 'Follow again to see new events.'}
        </EmptyState>
      ) : (
        <section className="tail" aria-label="Events, newest first">
          <DataTable
            label="Events, newest first"
            rows={events}
            keyOf={({ key }) => String(key)}
            columns={[
              {
                id: 'entity',
                label: 'Entity',
                cell: (event) => (
                  <button type="button" className="row-open break" onClick={() => setOpen(event)}>
                    {event.entityId ?? 'unknown'}
                  </button>
                ),
              },
              {
                id: 'operation',
                label: 'Operation',
                cell: (event) => <Badge plain>{event.operation.toLowerCase()}</Badge>,
              },
              { id: 'type', label: 'Type', cell: ({ entityType: type }) => <code>{type}</code> },
              { id: 'version', label: 'Version', cell: ({ version }) => version ?? '–', atEnd: true },
              { id: 'publisher', label: 'Publisher', cell: (event) => event.publisher },
              {
                id: 'to',
                label: 'Subscribers',
                cell: ({ destinations }) =>
                  destinations.length === 0 ? <span className="muted">none</span> : destinations.join(', '),
              },
              { id: 'size', label: 'Size', cell: ({ size }) => formatBytes(size), atEnd: true },
              {
                id: 'at',
                label: 'Time',
                cell: ({ at }) => <time dateTime={at}>{formatClock(at)}</time>,
                atEnd: true,
              },
            ]}
          />
        </section>
      )}
      {open !== undefined && <EventDetail event={open} withContent={withContent} onClose={() => setOpen(undefined)} />}
    </Card>
  );
}
