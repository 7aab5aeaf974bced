import type { Subscription } from './subscription-queries';

/** The entity types that a subscription is narrowed to. */
export function EntityTypeList({ entityTypes }: Pick<Subscription, 'entityTypes'>) {
  if (entityTypes === undefined) return <span className="quiet">all entity types</span>;
  return <code className="break">{entityTypes.join(', ')}</code>;
}
