import type { Edge } from '../../live/apply-changes';
import { statesOf } from '../../live/severity';

/** What to do about a subscription, by its most severe state. */
export function edgeAdvice(edge: Edge): string {
  const { subscriber } = edge;
  switch (statesOf(edge)[0]) {
    case 'expired':
      return `Start ${subscriber}: it subscribes again and is repaired. Until then it misses new events.`;
    case 'unconsumed':
      return `Start an instance of ${subscriber}, or check its log. Its events wait in its queue; none are lost.`;
    case 'parked':
      return 'Inspect the parked events and fix the cause, then redrive them.';
    case 'backfilling':
      return 'The replica is being filled or repaired. Live changes are still applied.';
    case 'paused':
      return 'Resume it when you are ready. The waiting events are then delivered in order.';
    default:
      return 'No action needed.';
  }
}
