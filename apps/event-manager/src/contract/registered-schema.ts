import { ENTITY_TYPES } from '@dbem/db-event';
import type { EntitySchema } from '@dbem/entity-codec';
import type { DeepReadonly } from '@dbem/runtime';
import { z } from 'zod';

/** What a version is called without its text. */
export const SchemaVersion = z
  .object({
    publisher: z.string().meta({ example: 'user.profile' }),
    entityType: z.enum(ENTITY_TYPES),
    version: z.number().describe('1 for the first; the newest 20 are kept.'),
  })
  .meta({ id: 'SchemaVersionDto' });

export type SchemaVersion = DeepReadonly<z.infer<typeof SchemaVersion>>;

export type SchemaKey = Omit<SchemaVersion, 'version'>;

/** One version of an entity's schema, as its publisher, or somebody for it, has registered it. */
export interface RegisteredSchema extends SchemaVersion, EntitySchema {
  /** ms since 1970. */
  readonly registeredAtMs: number;
  /** The principal; or the publisher itself, which the event manager has asked. */
  readonly registeredBy: string;
}
