import { Badge } from '../../ui/badge';
import type { ParkedEvent } from './parked-queries';

const TONES = { relevant: 'warn', stale: 'idle', unknown: 'info' } as const;

/** Whether a redrive would change the replica. */
export function RelevanceBadge({ relevance }: { readonly relevance: ParkedEvent['relevance'] }) {
  return <Badge tone={TONES[relevance]}>{relevance}</Badge>;
}
