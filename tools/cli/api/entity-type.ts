import type { Schemas } from './admin-api';

type EntityType = Schemas['EntityReportDto']['entityType'];

/** Accepts any letter case. The event manager rejects unknown entity types. */
export function entityTypeOf(text: string): EntityType {
  return text.toUpperCase() as EntityType;
}
