import { type FieldShape, invalid } from './struct-shape';

/** Maximum length of a string, characters. */
const MAX_TEXT_LENGTH = 1024 * 1024;
const MAX_LIST_LENGTH = 100_000;
const I64_MIN = -(2n ** 63n);
const I64_MAX = 2n ** 63n - 1n;

/** A string. NUL is rejected, because PostgreSQL's type text can't store it. */
export const text: FieldShape<string> = {
  toWire: checkText,
  fromWire: checkText,
};

function checkText(value: unknown, path: string): string {
  if (typeof value !== 'string') return invalid(path, 'is not a string');
  if (value.length > MAX_TEXT_LENGTH) return invalid(path, `is longer than ${MAX_TEXT_LENGTH} characters`);
  if (!value.isWellFormed()) return invalid(path, 'contains half a surrogate pair');
  if (value.includes('\0')) return invalid(path, 'contains a NUL character');
  return value;
}

/** A 64-bit integer. */
export const i64: FieldShape<bigint> = {
  toWire: checkI64,
  fromWire: checkI64,
};

function checkI64(value: unknown, path: string): bigint {
  if (typeof value !== 'bigint') return invalid(path, 'is not a bigint');
  if (value < I64_MIN || value > I64_MAX) return invalid(path, 'does not fit into 64 bits');
  return value;
}

/** One of `names`; their indexes are the wire values. */
export function enumeration<Name extends string>(names: readonly Name[]): FieldShape<Name> {
  return {
    toWire(value, path) {
      const wire = names.indexOf(value);
      return wire >= 0 ? wire : invalid(path, `is not one of ${names.join(', ')}`);
    },
    fromWire(value, path) {
      return names[value as number] ?? invalid(path, `has the unknown value ${value}`);
    },
  };
}

export function list<Value>(element: FieldShape<Value>): FieldShape<readonly Value[]> {
  return {
    toWire: (values, path) =>
      checkList(values, path).map((value, index) => element.toWire(value as Value, `${path}[${index}]`)),
    fromWire: (values, path) =>
      checkList(values, path).map((value, index) => element.fromWire(value, `${path}[${index}]`)),
  };
}

function checkList(values: unknown, path: string): readonly unknown[] {
  if (!Array.isArray(values)) return invalid(path, 'is not a list');
  if (values.length > MAX_LIST_LENGTH) return invalid(path, `has more than ${MAX_LIST_LENGTH} elements`);
  return values;
}

/** A struct within a struct: its wire form is an instance of its generated stub. */
export function nested<Entity extends object>(
  stub: new (args: never) => object,
  shape: FieldShape<Entity>,
): FieldShape<Entity> {
  return {
    toWire: (value, path) => new stub(shape.toWire(value, path) as never),
    fromWire: shape.fromWire,
  };
}
