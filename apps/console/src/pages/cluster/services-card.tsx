import { Boxes } from 'lucide-react';
import { Card } from '../../ui/card';
import { EmptyState } from '../../ui/empty-state';
import { plural } from '../../ui/format';
import type { Cluster } from './cluster-queries';
import { InstanceLine } from './instance-line';

/** The service instances that send status reports. */
export function ServicesCard({ services }: { readonly services: Cluster['services'] }) {
  const count = services.reduce((sum, { instances }) => sum + instances.length, 0);
  return (
    <Card
      title="Services"
      note={count === 0 ? undefined : `${plural(count, 'instance')} of ${plural(services.length, 'service')}`}
      flush
    >
      {count === 0 ? (
        <EmptyState icon={Boxes} title="No instance reports yet">
          Services built on the project’s libraries report their status. Legacy services do not; the overview shows
          their queues.
        </EmptyState>
      ) : (
        <ul className="instances">
          {services.flatMap(({ service, instances }) =>
            instances.map((instance) => <InstanceLine key={instance.id} instance={instance} name={service} />),
          )}
        </ul>
      )}
    </Card>
  );
}
