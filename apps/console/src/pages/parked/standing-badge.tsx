import { Badge } from '../../ui/badge';
import type { ParkedEvent } from './parked-queries';

const TONES = { relevant: 'warn', obsolete: 'idle', unknown: 'info' } as const;

/** Whether a redrive would change anything. */
export function StandingBadge({ standing }: { readonly standing: ParkedEvent['standing'] }) {
  return <Badge tone={TONES[standing]}>{standing}</Badge>;
}
