import { Badge } from '../../ui/badge';
import { Card } from '../../ui/card';
import { Facts } from '../../ui/facts';
import { plural } from '../../ui/format';
import { Loaded } from '../../ui/loaded';
import { TimeAgo } from '../../ui/time-ago';
import { useIdentity } from './cluster-queries';

/** Whether services must be who they say they are, and who was not. */
export function IdentityCard() {
  const identity = useIdentity();
  return (
    <Loaded query={identity} what="Identities could not be asked for." lines={2}>
      {({ isEnforced, forged, forgeries }) => (
        <Card
          title="Identity"
          note={
            isEnforced
              ? 'A message must come from the broker user of the service that it names.'
              : 'Messages are believed whom they name.'
          }
          actions={
            forged > 0 ? (
              <Badge tone="bad">{plural(forged, 'forgery', 'forgeries')}</Badge>
            ) : (
              <Badge tone="idle">{isEnforced ? 'enforced' : 'not enforced'}</Badge>
            )
          }
        >
          {forgeries.length === 0 ? (
            <p className="muted">No message has been refused since this event manager started.</p>
          ) : (
            <Facts
              of={forgeries.map(
                ({ userId, service, count, lastSeenAt }) =>
                  [
                    `${userId ?? 'nobody'} as ${service}`,
                    <span key={service}>
                      {plural(count, 'message')}, last <TimeAgo at={lastSeenAt} />
                    </span>,
                  ] as const,
              )}
            />
          )}
        </Card>
      )}
    </Loaded>
  );
}
