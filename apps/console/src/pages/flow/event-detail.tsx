import { Link } from 'react-router';
import { Dialog } from '../../ui/dialog';
import { Facts } from '../../ui/facts';
import { formatBytes, formatDuration, formatMoment } from '../../ui/format';
import { JsonView } from '../../ui/json-view';
import { entityPath } from '../entity/entity-path';
import { EventFate } from './event-fate';
import type { TappedEvent } from './use-tail';

interface EventDetailProps {
  readonly event: TappedEvent;
  readonly withContent: boolean;
  onClose(): void;
}

/** One event that passed: what it holds, its trace, and what became of it in each subscriber. */
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
          ['Version', version ?? 'none: the event of an old publisher'],
          ['Changed', changedAt && formatMoment(changedAt)],
          ['Sent on', formatMoment(at)],
          [
            'On its way',
            changedAt &&
              `${formatDuration(Math.max(Date.parse(at) - Date.parse(changedAt), 0))} from the change to every queue`,
          ],
          ['By', manager],
          ['Trace', traceId === undefined ? 'the change was not traced' : <code key="trace">{traceId}</code>],
          ['Event', eventId],
          ['Message', formatBytes(size)],
        ]}
      />
      <EventFate event={event} />
      {entityId !== undefined && (
        <p>
          <Link to={entityPath(publisher, entityType, entityId)}>Where is this entity?</Link>
        </p>
      )}
      <section className="stack-s">
        <h3>The entity</h3>
        {entity !== undefined ? (
          <JsonView label="The entity" value={entity} />
        ) : (
          <p className="muted">
            {withContent
              ? 'It is too large to show, or can’t be read.'
              : 'The role operator is needed to see what is in it.'}
          </p>
        )}
      </section>
    </Dialog>
  );
}
