import { Link } from 'react-router';
import { Dialog } from '../../ui/dialog';
import { Facts } from '../../ui/facts';
import { formatBytes, formatDuration, formatMoment } from '../../ui/format';
import { JsonView } from '../../ui/json-view';
import { entityPath } from '../entity/entity-path';
import { EventOutcome } from './event-outcome';
import type { TappedEvent } from './use-tail';

interface EventDetailProps {
  readonly event: TappedEvent;
  readonly withContent: boolean;
  onClose(): void;
}

/** One event of the live tail: its facts, its outcome in each subscriber, and its entity. */
export function EventDetail({ event, withContent, onClose }: EventDetailProps) {
  const {
    publisher,
    entityType,
    entityId,
    operation,
    version,
    at,
    changedAt,
    traceId,
    eventId,
    manager,
    size,
    entity,
  } = event;
  return (
    <Dialog side title={entityId ?? 'Event'} note={`${operation.toLowerCase()} by ${publisher}`} onClose={onClose}>
      <Facts
        of={[
          ['Entity', <code key="type">{entityType}</code>],
          ['Version', version ?? 'none: published by a legacy service'],
          ['Changed', changedAt && formatMoment(changedAt)],
          ['Forwarded', formatMoment(at)],
          [
            'Latency',
            changedAt &&
              `${formatDuration(Math.max(Date.parse(at) - Date.parse(changedAt), 0))} from the change to every queue`,
          ],
          ['Event manager', manager],
          ['Trace', traceId === undefined ? 'not traced' : <code key="trace">{traceId}</code>],
          ['Event ID', eventId],
          ['Message', formatBytes(size)],
        ]}
      />
      <EventOutcome event={event} />
      {entityId !== undefined && (
        <p>
          <Link to={entityPath(publisher, entityType, entityId)}>Where is this entity?</Link>
        </p>
      )}
      <section className="stack-s">
        <h3>Entity</h3>
        {entity !== undefined ? (
          <JsonView label="Entity" value={entity} />
        ) : (
          <p className="muted">
            {withContent ? 'Too large to display, or unreadable.' : 'Only operators can see the content.'}
          </p>
        )}
      </section>
    </Dialog>
  );
}
