import type { CrudType, EntityType } from '@dbem/db-event';

/** Which events are wanted; what is undefined does not matter. */
export interface TailFilter {
  readonly publisher?: string | undefined;
  readonly entityType?: EntityType | undefined;
  readonly entityId?: string | undefined;
  /** Only what goes to this service. */
  readonly subscriber?: string | undefined;
  readonly operation?: CrudType | undefined;
}
