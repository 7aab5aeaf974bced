import type { CrudType, EntityType } from '@dbem/db-event';

/** An event that an event manager has sent on, as the tail shows it. */
export interface SeenEvent {
  /** When the broker had confirmed it in every queue; ISO 8601. */
  readonly at: string;
  /** The event manager that did it. */
  readonly manager: string;
  readonly eventId?: string;
  readonly publisher: string;
  readonly entityType: EntityType;
  readonly entityId?: string;
  readonly operation: CrudType;
  readonly version?: string;
  readonly changedAt?: string;
  /** Bytes of the message. */
  readonly size: number;
  readonly traceId?: string;
  readonly destinations: readonly string[];
  /** Decoded, without its secrets. */
  readonly entity?: unknown;
}
