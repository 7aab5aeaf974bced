import type { EntityType } from '@dbem/db-event';
import { ThriftReader } from '../binary-protocol/thrift-reader';
import { ThriftWriter } from '../binary-protocol/thrift-writer';
import type { EntityCodec } from '../entity-codec.port';
import type { EntitySchema } from './entity-schema';
import { type FieldShape, type GeneratedStub, invalid } from './struct-shape';

export interface StructCodecOptions<Entity> {
  readonly entityType: EntityType;
  /** The generated stub's class. */
  readonly stub: new () => GeneratedStub;
  readonly shape: FieldShape<Entity>;
  readonly idOf: (entity: Entity) => string;
  readonly schema: EntitySchema;
}

/** Makes an entity's codec from its generated stub, which reads and writes bytes, and its shape, which validates. */
export function structCodec<Entity>({
  entityType,
  stub,
  shape,
  idOf,
  schema,
}: StructCodecOptions<Entity>): EntityCodec<Entity> {
  const checkedIdOf = (entity: Entity): string => {
    const id = idOf(entity);
    return id === '' ? invalid(entityType, 'has an empty id') : id;
  };
  return {
    entityType,
    schema,
    idOf: checkedIdOf,
    encode(entity) {
      checkedIdOf(entity);
      const wire = Object.assign(new stub(), shape.toWire(entity, entityType));
      const writer = new ThriftWriter();
      wire.write(writer);
      return writer.finish();
    },
    decode(bytes) {
      const reader = new ThriftReader(bytes, 'ENTITY_MALFORMED');
      const wire = withoutDefaults(stub);
      wire.read(reader);
      reader.expectEnd();
      const entity = shape.fromWire(wire, entityType);
      checkedIdOf(entity);
      return entity;
    },
  };
}

/** The stub's constructor would set the IDL's defaults, and a missing required field would not be noticed. */
function withoutDefaults(stub: new () => GeneratedStub): GeneratedStub {
  return Object.create(stub.prototype) as GeneratedStub;
}
