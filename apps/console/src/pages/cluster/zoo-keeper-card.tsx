import { Badge } from '../../ui/badge';
import { Card } from '../../ui/card';
import { Facts } from '../../ui/facts';
import { TimeAgo } from '../../ui/time-ago';
import type { Cluster } from './cluster-queries';

const TONES = { ready: 'ok', loading: 'info', degraded: 'warn', stopped: 'bad' } as const;

/** ZooKeeper, which keeps the map. */
export function ZooKeeperCard({ zooKeeper }: { readonly zooKeeper: Cluster['zooKeeper'] }) {
  const { state, since, reconnects, lastFault, servers } = zooKeeper;
  return (
    <Card
      title="ZooKeeper"
      note={
        state === 'degraded'
          ? 'Away: events are routed by the map in memory; the map can’t be changed.'
          : 'Keeps the subscription map.'
      }
      actions={<Badge tone={TONES[state]}>{state === 'ready' ? 'map ready' : `map ${state}`}</Badge>}
    >
      <Facts
        of={[
          ['Since', <TimeAgo key="since" at={since} />],
          ['Reconnects', reconnects > 0 ? reconnects : undefined],
          ['Last fault', lastFault],
          ...servers.map(
            ({ address, version, mode, fault }) =>
              [address, fault ?? [version, mode].filter(Boolean).join(', ')] as const,
          ),
        ]}
      />
    </Card>
  );
}
