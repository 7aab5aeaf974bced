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

/** Events as they pass, of what is chosen above; each can be opened. */
export function LiveTail({ publisher, subscriber }: { readonly publisher: string; readonly subscriber: string }) {
  const [entityType, setEntityType] = useState<string>('');
  const [operation, setOperation] = useState<string>('');
  const [entityId, setEntityId] = useState('');
  const [isOn, setOn] = useState(true);
  const [open, setOpen] = useState<TappedEvent>();
  // Only operators may see what is in an entity.
  const withContent = useMayChange();
  const filter = { publisher, subscriber, entityType, entityId: entityId.trim(), operation };
  // Until the role is known, the tail waits: one without content would end then, and with it what it had shown.
  const { isPending: isRoleUnknown } = useMe();
  const { events, skipped, problem, isOpen } = useTail(filter, { isOn: isOn && !isRoleUnknown, withContent });
  return (
    <Card
      title="Live tail"
      note={
        skipped > 0
          ? `${plural(skipped, 'event')} not shown: more pass than can be read. Narrow the filter.`
          : 'Each event when every queue has it.'
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
          <TextField label="Entity id" value={entityId} onChange={setEntityId} placeholder="ada@seagrid" />
        </search>
        {problem !== undefined && <ProblemNote error={problem} what="The tail can’t be followed." />}
      </div>
      {events.length === 0 ? (
        <EmptyState icon={Radio} title={isOn ? 'Waiting for an event' : 'Stopped'}>
          {isOn
            ? 'What is published from now on and matches appears here. Change an entity somewhere to see it pass.'
            : 'Follow again to see what passes from then on.'}
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
                cell: ({ operation: act }) => <Badge plain>{act.toLowerCase()}</Badge>,
              },
              { id: 'type', label: 'Type', cell: ({ entityType: type }) => <code>{type}</code> },
              { id: 'version', label: 'Version', cell: ({ version }) => version ?? '–', atEnd: true },
              { id: 'publisher', label: 'From', cell: ({ publisher: from }) => from },
              {
                id: 'to',
                label: 'To',
                cell: ({ destinations }) =>
                  destinations.length === 0 ? <span className="muted">nobody</span> : destinations.join(', '),
              },
              { id: 'size', label: 'Size', cell: ({ size }) => formatBytes(size), atEnd: true },
              {
                id: 'at',
                label: 'At',
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
