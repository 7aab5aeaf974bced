import { Badge } from '../../ui/badge';
import type { Subscription } from './subscription-queries';

/** How the events of a subscription are delivered now. */
export function DeliveryBadge({ delivery, expiryState }: Pick<Subscription, 'delivery' | 'expiryState'>) {
  if (expiryState === 'returned') return <Badge tone="warn">expired, subscriber is back</Badge>;
  if (expiryState !== undefined) return <Badge tone="bad">expired</Badge>;
  if (delivery === 'paused') return <Badge tone="idle">paused</Badge>;
  if (delivery === 'resuming') return <Badge tone="info">resuming</Badge>;
  return <Badge tone="ok">live</Badge>;
}
