import type { EntityType } from '@dbem/db-event';
import type { EntitySchema } from './entities/entity-schema';

/**
 * Converts one entity type between typed objects and Thrift bytes.
 *
 * `decode` accepts untrusted bytes: it throws ENTITY_MALFORMED (truncated, a wrong length, nested too deeply, invalid
 * UTF-8) or ENTITY_INVALID (a missing required field, an unknown enum value, a number out of range). Unknown fields are
 * skipped. `encode` checks the same rules.
 */
export interface EntityCodec<Entity> {
  readonly entityType: EntityType;
  /** The schema of the bytes, for contract checks; undefined if unknown. */
  readonly schema?: EntitySchema;
  encode(entity: Entity): Buffer;
  decode(bytes: Buffer): Entity;
  /** The id of the entity, unique among its publisher's entities of this type. */
  idOf(entity: Entity): string;
}
