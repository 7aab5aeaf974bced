import './cluster-page.css';
import { Loaded } from '../../ui/loaded';
import { Page } from '../../ui/page';
import { AuditTrail } from './audit-trail';
import { BrokerCard } from './broker-card';
import { useCluster } from './cluster-queries';
import { IdentityCard } from './identity-card';
import { ManagersCard } from './managers-card';
import { ServicesCard } from './services-card';
import { ZooKeeperCard } from './zoo-keeper-card';

/** What it all runs on, who runs, and who changed what. */
export function ClusterPage() {
  const cluster = useCluster();
  return (
    <Page title="Cluster" note="Event managers, broker, ZooKeeper and the services’ instances; and who changed what.">
      <Loaded query={cluster} what="The cluster could not be asked.">
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
