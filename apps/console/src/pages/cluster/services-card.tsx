import { Boxes } from 'lucide-react';
import { Card } from '../../ui/card';
import { EmptyState } from '../../ui/empty-state';
import { plural } from '../../ui/format';
import type { Cluster } from './cluster-queries';
import { InstanceLine } from './instance-line';

/** The services' instances that say how they are. */
export function ServicesCard({ services }: { readonly services: Cluster['services'] }) {
  const count = services.reduce((sum, { instances }) => sum + instances.length, 0);
  return (
    <Card
      title="Services"
      note={count === 0 ? undefined : `${plural(count, 'instance')} of ${plural(services.length, 'service')}`}
      flush
    >
      {count === 0 ? (
        <EmptyState icon={Boxes} title="No instance has been heard">
          Services built on our libraries say how they are. Old services do not: their queues tell, in the overview.
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
