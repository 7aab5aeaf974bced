import type { Edge } from '../../live/apply-changes';
import { statesOf } from '../../live/gravity';

/** What to do about a subscription, by its gravest state. */
export function edgeAdvice(edge: Edge): string {
  const { subscriber } = edge;
  switch (statesOf(edge)[0]) {
    case 'expired':
      return `Start ${subscriber}: it subscribes again, and is repaired. Until then it misses what is published.`;
    case 'silent':
      return `Start an instance of ${subscriber}, or look into its log. Its events wait in its queue; none is lost.`;
    case 'parked':
      return 'Look inside what is parked. When the cause is mended, redrive it.';
    case 'backfilling':
      return 'The replica is being filled or healed. Live changes go on beside it.';
    case 'paused':
      return 'Resume it when the reason is gone. The events that wait are moved on then, in their order.';
    default:
      return 'Nothing to do.';
  }
}
