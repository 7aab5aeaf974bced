import { DbEventError } from '@dbem/db-event';

/** An instance of a generated stub: fields by their wire names; null if not read. */
export type WireStruct = Record<string, unknown>;

export interface GeneratedStub {
  read(input: object): void;
  write(output: object): void;
}

/** Converts a field between its typed form and its wire form. Both directions validate, and throw ENTITY_INVALID. */
export interface FieldShape<Value> {
  toWire(value: Value, path: string): unknown;
  fromWire(value: unknown, path: string): Value;
}

interface FieldOptions {
  /** The name on the wire, if it differs. */
  readonly wireName?: string;
  /** The value that is sent if a required field is omitted. */
  readonly fallback?: string;
}

interface StructField extends FieldOptions {
  readonly shape: FieldShape<unknown>;
  readonly isRequired: boolean;
}

export function required<Value>(shape: FieldShape<Value>, options: FieldOptions = {}): StructField {
  return { shape: shape as FieldShape<unknown>, isRequired: true, ...options };
}

export function optional<Value>(shape: FieldShape<Value>, options: FieldOptions = {}): StructField {
  return { shape: shape as FieldShape<unknown>, isRequired: false, ...options };
}

/** A struct's shape. The type requires an entry for each field of `Entity`. */
export function struct<Entity extends object>(
  fields: Readonly<Record<keyof Entity & string, StructField>>,
): FieldShape<Entity> {
  // Objects with the same properties in the same order share one hidden class in V8, which makes reading them faster.
  const entries = Object.entries<StructField>(fields).map(([name, { shape, isRequired, wireName, fallback }]) => ({
    name,
    wireName: wireName ?? name,
    shape,
    isRequired,
    fallback,
  }));
  return {
    toWire(entity, path) {
      const wire: WireStruct = {};
      for (const { name, wireName, shape, isRequired, fallback } of entries) {
        const value = (entity as Record<string, unknown>)[name] ?? fallback;
        if (value !== undefined) wire[wireName] = shape.toWire(value, `${path}.${name}`);
        else if (isRequired) invalid(`${path}.${name}`, 'is missing');
      }
      return wire;
    },
    fromWire(value, path) {
      const entity: Record<string, unknown> = {};
      for (const { name, wireName, shape, isRequired } of entries) {
        const wire = (value as WireStruct)[wireName];
        if (wire !== null && wire !== undefined) entity[name] = shape.fromWire(wire, `${path}.${name}`);
        else if (isRequired) invalid(`${path}.${name}`, 'is missing');
      }
      return entity as Entity;
    },
  };
}

export function invalid(path: string, fault: string): never {
  throw new DbEventError('ENTITY_INVALID', `${path} ${fault}`, { details: { field: path } });
}
