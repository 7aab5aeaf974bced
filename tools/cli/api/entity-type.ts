import type { Schemas } from './admin-api';

type EntityType = Schemas['EntityReportDto']['entityType'];

/** As people write it; what is no entity type the event manager refuses. */
export function entityTypeOf(text: string): EntityType {
  return text.toUpperCase() as EntityType;
}
