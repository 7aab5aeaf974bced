import type { Schemas } from '../api/schemas';

export type Trouble = Schemas['TroubleDto'];

/** Where to act on a trouble. */
export function linkOf({ page, service }: Trouble): string {
  const name = encodeURIComponent(service ?? '');
  if (page === 'subscriptions') return `/subscriptions?subscriber=${name}`;
  if (page === 'parked') return `/parked?service=${name}`;
  return page === 'cluster' ? '/cluster' : `/?focus=${name}`;
}
