import { useQuery } from '@tanstack/react-query';
import { answer, api } from '../../api/client';
import { Badge } from '../../ui/badge';
import { Loaded } from '../../ui/loaded';
import { fateOf } from './fate-of';
import type { TappedEvent } from './use-tail';

const REFRESH_MS = 1_500;

/** What became of an event in each service that it was sent to. */
export function EventFate({ event }: { readonly event: TappedEvent }) {
  const { publisher, entityType, entityId = '', destinations, version } = event;
  const report = useQuery({
    queryKey: ['fate', publisher, entityType, entityId],
    queryFn: () =>
      answer(
        api.GET('/admin/v1/entities/{publisher}/{entityType}/{entityId}', {
          params: { path: { publisher, entityType, entityId } },
        }),
      ),
    enabled: entityId !== '' && destinations.length > 0,
    refetchInterval: REFRESH_MS,
  });
  if (destinations.length === 0)
    return <p className="quiet">Nobody is subscribed to such events: it is acknowledged and gone.</p>;
  if (entityId === '') return null;
  return (
    <section className="stack-s">
      <h3>Its fate</h3>
      <Loaded query={report} what="The subscribers could not be asked." lines={destinations.length}>
        {({ services }) => (
          <ul className="stack-s">
            {destinations.map((service) => {
              const { tone, word, means } = fateOf(
                version,
                services.find((one) => one.service === service),
              );
              return (
                <li key={service} className="row">
                  <strong>{service}</strong>
                  <Badge tone={tone}>{word}</Badge>
                  <span className="muted">{means}</span>
                </li>
              );
            })}
          </ul>
        )}
      </Loaded>
    </section>
  );
}
