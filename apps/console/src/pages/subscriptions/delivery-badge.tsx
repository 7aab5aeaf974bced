import { Badge } from '../../ui/badge';
import type { Subscription } from './subscription-queries';

/** How its events travel now. */
export function DeliveryBadge({ delivery, lapseState }: Pick<Subscription, 'delivery' | 'lapseState'>) {
  if (lapseState === 'returned') return <Badge tone="warn">lapsed, has returned</Badge>;
  if (lapseState !== undefined) return <Badge tone="bad">lapsed</Badge>;
  if (delivery === 'paused') return <Badge tone="idle">paused</Badge>;
  if (delivery !== undefined) return <Badge tone="info">resuming</Badge>;
  return <Badge tone="ok">live</Badge>;
}
