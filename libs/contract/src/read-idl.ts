import type { IdlText } from '@dbem/entity-codec';
import type { IdlFile, WrittenType } from './idl-file';
import { parseIdl } from './idl-parser';
import { invalid } from './idl-tokens';
import type { Field, Schema, Struct } from './schema';

const BASE_TYPES: ReadonlyMap<string, string> = new Map(
  ['bool', 'i8', 'i16', 'i32', 'i64', 'double', 'string', 'binary', 'uuid'].map((name) => [name, name]),
);
const MAX_TYPEDEFS = 32;

/**
 * Reads the schema of an IDL file and the files that it includes. Equals the Thrift compiler's result (a test compares
 * them), except for constants, services and defaults, which are not on the wire.
 *
 * @throws DbEventError SCHEMA_INVALID with file and line
 */
export function readIdl({ idl, includes = {} }: IdlText, name = 'the IDL'): Schema {
  const files = new Map<string, IdlFile>();
  const read = (file: string, text: string) => {
    const parsed = parseIdl(text, file);
    files.set(baseOf(file), parsed);
    for (const included of parsed.includes) {
      const content = Object.hasOwn(includes, included) ? includes[included] : undefined;
      if (content === undefined) throw invalid(file, 1, `the included file "${included}" is missing`);
      if (!files.has(baseOf(included))) read(included, content);
    }
  };
  read(name, idl);
  const resolver = new Resolver(files);
  const structs = [...files].flatMap(([base, file]) =>
    file.structs.map(({ name: structName, isUnion, fields }): Struct => {
      const resolved = fields.map(({ type, ...field }): Field => ({ ...field, ...resolver.resolve(type, base) }));
      return { name: structName, isUnion, fields: resolved };
    }),
  );
  return {
    structs: new Map(structs.map((struct) => [struct.name, struct])),
    enums: new Map([...files.values()].flatMap(({ enums }) => enums.map((one) => [one.name, one]))),
  };
}

type ResolvedType = Pick<Field, 'type' | 'uses'>;

/** Resolves names of base types, typedefs, structs and enums; `file.Name` refers to another file. */
class Resolver {
  constructor(private readonly files: ReadonlyMap<string, IdlFile>) {}

  resolve(type: WrittenType, base: string, depth = 0): ResolvedType {
    if (type.kind === 'map') {
      const [key, value] = [this.resolve(type.key, base, depth), this.resolve(type.value, base, depth)];
      return { type: `map<${key.type},${value.type}>`, uses: [...key.uses, ...value.uses] };
    }
    if (type.kind !== 'name') {
      const element = this.resolve(type.element, base, depth);
      return { type: `${type.kind}<${element.type}>`, uses: element.uses };
    }
    const { name, line } = type;
    const baseType = BASE_TYPES.get(name === 'byte' ? 'i8' : name);
    if (baseType !== undefined) return { type: baseType, uses: [] };
    const dot = name.lastIndexOf('.');
    const home = dot < 0 ? base : name.slice(0, dot);
    const own = name.slice(dot + 1);
    const file = this.files.get(home);
    const typedef = file?.typedefs.get(own);
    if (typedef !== undefined && depth < MAX_TYPEDEFS) return this.resolve(typedef, home, depth + 1);
    if (file?.enums.some((one) => one.name === own)) return { type: 'i32', uses: [own] };
    if (file?.structs.some((one) => one.name === own)) return { type: own, uses: [own] };
    throw invalid(base, line, `there is no type "${name}"`);
  }
}

function baseOf(file: string): string {
  return file.replace(/^.*\//, '').replace(/\.thrift$/, '');
}
