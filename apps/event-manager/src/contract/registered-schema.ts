import { ENTITY_TYPES } from '@dbem/db-event';
import type { EntitySchema } from '@dbem/entity-codec';
import type { DeepReadonly } from '@dbem/runtime';
import { z } from 'zod';

/** Identifies a version of a schema. */
export const SchemaVersion = z
  .object({
    publisher: z.string().meta({ example: 'user.profile' }),
    entityType: z.enum(ENTITY_TYPES),
    version: z.number().describe('Starts at 1; the newest 20 versions are kept.'),
  })
  .meta({ id: 'SchemaVersionDto' });

export type SchemaVersion = DeepReadonly<z.infer<typeof SchemaVersion>>;

export type SchemaKey = Omit<SchemaVersion, 'version'>;

/** One version of an entity's schema, registered by a principal or collected from its publisher. */
export interface RegisteredSchema extends SchemaVersion, EntitySchema {
  /** ms since 1970. */
  readonly registeredAtMs: number;
  /** The principal; or the publisher, if the event manager collected the schema from it. */
  readonly registeredBy: string;
}
