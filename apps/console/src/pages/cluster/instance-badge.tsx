import type { Schemas } from '../../api/schemas';
import { Badge } from '../../ui/badge';

const TONES = { ready: 'ok', unready: 'warn', gone: 'bad' } as const;

/** Whether an instance is ready. */
export function InstanceBadge({ state }: { readonly state: Schemas['InstanceDto']['state'] }) {
  return <Badge tone={TONES[state]}>{state === 'unready' ? 'not ready' : state}</Badge>;
}
