import type { EntityType } from '@dbem/db-event';
import type { EntitySchema } from '@dbem/entity-codec';

export interface SchemaKey {
  readonly publisher: string;
  readonly entityType: EntityType;
}

/** One version of an entity's schema, as its publisher, or somebody for it, has registered it. */
export interface RegisteredSchema extends SchemaKey, EntitySchema {
  /** 1 for the first, then 2 …; only the newest are kept. */
  readonly version: number;
  /** ms since 1970. */
  readonly registeredAtMs: number;
  /** The principal; or the publisher itself, which the event manager has asked. */
  readonly registeredBy: string;
}

/** What a version is called without its text. */
export type SchemaVersion = SchemaKey & Pick<RegisteredSchema, 'version'>;
