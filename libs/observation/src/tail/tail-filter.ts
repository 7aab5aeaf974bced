import type { CrudType, EntityType } from '@dbem/db-event';

/** Selects events; undefined fields match any event. */
export interface TailFilter {
  readonly publisher?: string | undefined;
  readonly entityType?: EntityType | undefined;
  readonly entityId?: string | undefined;
  /** Only events that are forwarded to this service. */
  readonly subscriber?: string | undefined;
  readonly operation?: CrudType | undefined;
}
