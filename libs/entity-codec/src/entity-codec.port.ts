import type { EntityType } from '@dbem/db-event';
import type { EntitySchema } from './entities/entity-schema';

/**
 * One entity type between typed objects and Thrift bytes.
 *
 * `decode` trusts nothing: it rejects with ENTITY_MALFORMED (the bytes are no such struct: truncated, a length that the
 * bytes don't hold, nesting too deep, invalid UTF-8) or ENTITY_INVALID (a required field is missing, an enum has no such
 * value, a number is out of range). Fields that it doesn't know are skipped. `encode` checks the same rules.
 */
export interface EntityCodec<Entity> {
  readonly entityType: EntityType;
  /** What the bytes are, for whoever would like to know before a change; undefined: nobody has said. */
  readonly schema?: EntitySchema;
  encode(entity: Entity): Buffer;
  decode(bytes: Buffer): Entity;
  /** What identifies the entity among its publisher's entities of this type. */
  idOf(entity: Entity): string;
}
