import { Card } from '../../ui/card';
import { formatRate, plural } from '../../ui/format';
import type { Cluster } from './cluster-queries';
import { InstanceLine } from './instance-line';

/** The event managers, and whether all route by the same map. */
export function ManagersCard({ managers }: { readonly managers: Cluster['managers'] }) {
  const revisions = new Set(
    managers.filter(({ state }) => state !== 'gone').map(({ appliedRevision }) => appliedRevision),
  );
  return (
    <Card
      title="Event managers"
      note={
        revisions.size > 1
          ? 'They do not route by the same map yet.'
          : `${plural(managers.length, 'instance')}, one map.`
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
              {manager.appliedRevision !== undefined && `, map ${manager.appliedRevision}`}
              {manager.isSelf && ', this one answers you'}
            </p>
          </InstanceLine>
        ))}
      </ul>
    </Card>
  );
}
