import { Card } from '../../ui/card';
import { formatRate, plural } from '../../ui/format';
import type { Cluster } from './cluster-queries';
import { InstanceLine } from './instance-line';

/** The event managers, and whether all have the same map revision. */
export function ManagersCard({ managers }: { readonly managers: Cluster['managers'] }) {
  const revisions = new Set(
    managers.filter(({ state }) => state !== 'gone').map(({ appliedRevision }) => appliedRevision),
  );
  return (
    <Card
      title="Event managers"
      note={
        revisions.size > 1
          ? 'Not all of them have the same map revision yet.'
          : `${plural(managers.length, 'instance')}, same map revision.`
      }
      flush
    >
      <ul className="instances">
        {managers.map((manager) => (
          <InstanceLine
            key={manager.id}
            instance={manager}
            name={`${manager.host ?? manager.id.slice(0, 8)}${manager.pid === undefined ? '' : `, process ${manager.pid}`}`}
          >
            <p className="number">
              {formatRate(manager.receivedPerS)}/s in, {formatRate(manager.forwardedPerS)}/s out
              {manager.appliedRevision !== undefined && `, map revision ${manager.appliedRevision}`}
              {manager.isSelf && ', serving this page'}
            </p>
          </InstanceLine>
        ))}
      </ul>
    </Card>
  );
}
