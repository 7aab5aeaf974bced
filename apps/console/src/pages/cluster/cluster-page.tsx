import './cluster-page.css';
import { Loaded } from '../../ui/loaded';
import { Page } from '../../ui/page';
import { AuditTrail } from './audit-trail';
import { BrokerCard } from './broker-card';
import { useCluster } from './cluster-queries';
import { IdentityCard } from './identity-card';
import { ManagersCard } from './managers-card';
import { ServicesCard } from './services-card';
import { ZooKeeperCard } from './zookeeper-card';

/** Event managers, service instances, broker and ZooKeeper, and the audit trail. */
export function ClusterPage() {
  const cluster = useCluster();
  return (
    <Page title="Cluster" note="Event managers, service instances, RabbitMQ and ZooKeeper, and the audit trail.">
      <Loaded query={cluster} what="Could not load the cluster.">
        {({ managers, broker, zooKeeper, services }) => (
          <div className="cluster">
            <ManagersCard managers={managers} />
            <ServicesCard services={services} />
            <BrokerCard broker={broker} />
            <ZooKeeperCard zooKeeper={zooKeeper} />
            <IdentityCard />
          </div>
        )}
      </Loaded>
      <AuditTrail />
    </Page>
  );
}
