import { Link } from 'react-router';
import type { Schemas } from '../../api/schemas';
import { Card } from '../../ui/card';
import { TimeAgo } from '../../ui/time-ago';
import { entityPath } from './entity-path';

/** For each replica that is not current: what keeps it back, with the way there. */
export function WhyBehind({ report: { source, services } }: { readonly report: Schemas['EntityReportDto'] }) {
  const deferred = services.filter(({ deferred: event }) => event !== undefined);
  const parked = services.filter(({ parked: events = [] }) => events.length > 0);
  const older = services.filter(
    ({ state, version }) => state !== 'current' && version !== undefined && version !== source.version,
  );
  if (deferred.length + parked.length + older.length === 0 && (source.unpublished ?? []).length === 0) return null;
  return (
    <Card title="Differences" note="What keeps a replica from being as its source.">
      <ul className="stack-s">
        {(source.unpublished ?? []).length > 0 && (
          <li>
            The outbox still holds {source.unpublished?.length === 1 ? 'version' : 'versions'}{' '}
            {source.unpublished?.join(', ')}.
          </li>
        )}
        {older.map(({ service, version }) => (
          <li key={`older ${service}`}>
            <strong>{service}</strong> has version <span className="number">{version}</span>, the source{' '}
            <span className="number">{source.version ?? 'none'}</span>.
          </li>
        ))}
        {deferred.map(({ service, deferred: event }) =>
          event === undefined ? null : (
            <li key={`deferred ${service}`}>
              <strong>{service}</strong> holds version {event.version} since <TimeAgo at={event.deferredSince} />, until
              it has{' '}
              <Link to={entityPath(event.waitsFor.publisher, event.waitsFor.entityType, event.waitsFor.entityId)}>
                {event.waitsFor.entityId}
              </Link>{' '}
              of {event.waitsFor.publisher}.
            </li>
          ),
        )}
        {parked.map(({ service, parked: events = [] }) =>
          events.map(({ id, version, reasonCode, reason }) => (
            <li key={`${service} ${id}`}>
              <strong>{service}</strong> could not use version {version ?? 'unknown'}: {reason}{' '}
              <code>{reasonCode}</code>{' '}
              <Link to={`/parked?${new URLSearchParams({ event: `${service}/${id}` })}`}>Look inside</Link>
            </li>
          )),
        )}
      </ul>
    </Card>
  );
}
