import { Badge } from '../../ui/badge';
import { Card } from '../../ui/card';
import { Facts } from '../../ui/facts';
import { TimeAgo } from '../../ui/time-ago';
import type { Cluster } from './cluster-queries';

const TONES = { ready: 'ok', loading: 'info', degraded: 'warn', stopped: 'bad' } as const;

/** ZooKeeper, which stores the subscription map. */
export function ZooKeeperCard({ zooKeeper }: { readonly zooKeeper: Cluster['zooKeeper'] }) {
  const { state, since, reconnects, lastFault, servers } = zooKeeper;
  return (
    <Card
      title="ZooKeeper"
      note={
        state === 'degraded'
          ? 'Unavailable: events are routed by the map in memory, and the map can’t be changed.'
          : 'Stores the subscription map.'
      }
      actions={<Badge tone={TONES[state]}>{state === 'ready' ? 'map ready' : `map ${state}`}</Badge>}
    >
      <Facts
        of={[
          ['Since', <TimeAgo key="since" at={since} />],
          ['Reconnects', reconnects > 0 ? reconnects : undefined],
          ['Last error', lastFault],
          ...servers.map(
            ({ address, version, mode, fault }) =>
              [address, fault ?? [version, mode].filter(Boolean).join(', ')] as const,
          ),
        ]}
      />
    </Card>
  );
}
