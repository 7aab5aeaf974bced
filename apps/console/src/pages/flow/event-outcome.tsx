import { useQuery } from '@tanstack/react-query';
import { answer, api } from '../../api/client';
import { Badge } from '../../ui/badge';
import { Loaded } from '../../ui/loaded';
import { outcomeOf } from './outcome-of';
import type { TappedEvent } from './use-tail';

const REFRESH_MS = 1_500;

/** The outcome of an event in each service it was sent to. */
export function EventOutcome({ event }: { readonly event: TappedEvent }) {
  const { publisher, entityType, entityId = '', destinations, version } = event;
  const report = useQuery({
    queryKey: ['outcome', publisher, entityType, entityId],
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
    return <p className="quiet">No subscribers: the event was acknowledged and dropped.</p>;
  if (entityId === '') return null;
  return (
    <section className="stack-s">
      <h3>Outcome</h3>
      <Loaded query={report} what="Could not load the outcome." lines={destinations.length}>
        {({ services }) => (
          <ul className="stack-s">
            {destinations.map((service) => {
              const { tone, word, meaning } = outcomeOf(
                version,
                services.find((one) => one.service === service),
              );
              return (
                <li key={service} className="row">
                  <strong>{service}</strong>
                  <Badge tone={tone}>{word}</Badge>
                  <span className="muted">{meaning}</span>
                </li>
              );
            })}
          </ul>
        )}
      </Loaded>
    </section>
  );
}
