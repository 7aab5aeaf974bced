import { Link } from 'react-router';
import type { Schemas } from '../../api/schemas';
import { Card } from '../../ui/card';
import { TimeAgo } from '../../ui/time-ago';
import { entityPath } from './entity-path';

/** Why replicas are not current, with links to the causes. */
export function WhyBehind({ report: { source, services } }: { readonly report: Schemas['EntityReportDto'] }) {
  const deferred = services.filter(({ deferred: event }) => event !== undefined);
  const parked = services.filter(({ parked: events = [] }) => events.length > 0);
  const older = services.filter(
    ({ state, version }) => state !== 'current' && version !== undefined && version !== source.version,
  );
  if (deferred.length + parked.length + older.length === 0 && (source.unpublished ?? []).length === 0) return null;
  return (
    <Card title="Differences" note="Why replicas do not match the source.">
      <ul className="stack-s">
        {(source.unpublished ?? []).length > 0 && (
          <li>
            Still in the outbox: {source.unpublished?.length === 1 ? 'version' : 'versions'}{' '}
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
              <strong>{service}</strong> deferred version {event.version} <TimeAgo at={event.deferredSince} />; it waits
              for{' '}
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
              <strong>{service}</strong> could not apply version {version ?? 'unknown'}: {reason}{' '}
              <code>{reasonCode}</code>{' '}
              <Link to={`/parked?${new URLSearchParams({ event: `${service}/${id}` })}`}>Inspect</Link>
            </li>
          )),
        )}
      </ul>
    </Card>
  );
}
