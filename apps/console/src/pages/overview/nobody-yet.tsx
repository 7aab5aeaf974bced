import { Waypoints } from 'lucide-react';
import { Link } from 'react-router';
import { Card } from '../../ui/card';
import { EmptyState } from '../../ui/empty-state';

/** The system is new. */
export function NobodyYet() {
  return (
    <Card title="Topology">
      <EmptyState
        icon={Waypoints}
        title="No service yet"
        actions={
          <Link className="button" to="/subscriptions">
            To the subscriptions
          </Link>
        }
      >
        Start a service that publishes or subscribes, and it appears here by itself. Nothing has to be set up before:
        the event manager declares what is needed.
      </EmptyState>
    </Card>
  );
}
