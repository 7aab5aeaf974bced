import type { EntityType } from '@dbem/db-event';
import type { EntitySchema } from '@dbem/entity-codec';
import type { AnyReconcileSource } from './reconcile-source';

/** Answers `publisher.schemas`: what the entities are made of that these sources publish, as far as their codecs say. */
export function schemasOf(
  sources: readonly AnyReconcileSource[],
): (EntitySchema & { readonly entityType: EntityType })[] {
  return sources.flatMap(({ codec: { entityType, schema } }) =>
    schema === undefined ? [] : [{ entityType, ...schema }],
  );
}
