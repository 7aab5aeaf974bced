import { Waypoints } from 'lucide-react';
import { Link } from 'react-router';
import { Card } from '../../ui/card';
import { EmptyState } from '../../ui/empty-state';

/** Shown while no service publishes or subscribes. */
export function EmptyTopology() {
  return (
    <Card title="Topology">
      <EmptyState
        icon={Waypoints}
        title="No services yet"
        actions={
          <Link className="button" to="/subscriptions">
            Go to subscriptions
          </Link>
        }
      >
        Start a service that publishes or subscribes, and it appears here. No setup is needed: the event manager
        declares its queues.
      </EmptyState>
    </Card>
  );
}
