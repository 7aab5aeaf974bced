import { plural } from '../../ui/format';
import type { Run } from './reconcile-queries';

/** "2 missing, 1 different"; undefined without differences. */
export function describeDifferences({ missing, extra, different }: Run['found']): string | undefined {
  const parts = [
    missing > 0 && `${missing} missing`,
    extra > 0 && plural(extra, 'orphan'),
    different > 0 && `${different} different`,
  ].filter(Boolean);
  return parts.length === 0 ? undefined : parts.join(', ');
}
