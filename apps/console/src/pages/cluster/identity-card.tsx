import { Badge } from '../../ui/badge';
import { Card } from '../../ui/card';
import { Facts } from '../../ui/facts';
import { plural } from '../../ui/format';
import { Loaded } from '../../ui/loaded';
import { TimeAgo } from '../../ui/time-ago';
import { useIdentity } from './cluster-queries';

/** Whether the senders of messages are verified, and which messages were refused. */
export function IdentityCard() {
  const identity = useIdentity();
  return (
    <Loaded query={identity} what="Could not load the sender checks." lines={2}>
      {({ isEnforced, forged, forgedMessages }) => (
        <Card
          title="Identity"
          note={
            isEnforced
              ? 'A message must come from the broker user of the service it names.'
              : 'Senders are not verified: any client can send messages in the name of any service.'
          }
          actions={
            forged > 0 ? (
              <Badge tone="bad">{plural(forged, 'forgery', 'forgedMessages')}</Badge>
            ) : (
              <Badge tone="idle">{isEnforced ? 'enforced' : 'not enforced'}</Badge>
            )
          }
        >
          {forgedMessages.length === 0 ? (
            <p className="muted">No messages refused since this event manager started.</p>
          ) : (
            <Facts
              of={forgedMessages.map(
                ({ userId, service, count, lastSeenAt }) =>
                  [
                    `${userId ?? 'no user'} as ${service}`,
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
