import { Badge } from '../../ui/badge';
import { Card } from '../../ui/card';
import { Facts } from '../../ui/facts';
import type { Cluster } from './cluster-queries';

/** RabbitMQ, as seen by the event manager that serves this page. */
export function BrokerCard({ broker }: { readonly broker: Cluster['broker'] }) {
  const {
    isConnected,
    product = 'RabbitMQ',
    version,
    clusterName,
    blockedReason,
    lastFault,
    reconnects,
    nodes,
    managementFault,
  } = broker;
  return (
    <Card
      title={product}
      note={clusterName}
      actions={
        !isConnected ? (
          <Badge tone="bad">not connected</Badge>
        ) : blockedReason !== undefined ? (
          <Badge tone="warn">publishers blocked</Badge>
        ) : (
          <Badge tone="ok">connected</Badge>
        )
      }
    >
      <Facts
        of={[
          ['Version', version],
          ['Publishers blocked', blockedReason],
          ['Reconnects', reconnects > 0 ? reconnects : undefined],
          ['Last error', lastFault],
          ...(nodes ?? []).map(
            ({ name, isRunning, alarms }) =>
              [
                name,
                alarms.length > 0 ? (
                  <Badge key={name} tone="warn">{`alarm: ${alarms.join(', ')}`}</Badge>
                ) : (
                  <Badge key={name} tone={isRunning ? 'ok' : 'bad'}>
                    {isRunning ? 'running' : 'down'}
                  </Badge>
                ),
              ] as const,
          ),
          ['Nodes', nodes === undefined ? (managementFault ?? 'unknown: AMQP_MANAGEMENT_URL is not set') : undefined],
        ]}
      />
    </Card>
  );
}
