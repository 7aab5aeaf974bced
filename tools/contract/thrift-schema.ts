import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Field {
  readonly id: number;
  readonly name: string;
  /** As in the IDL, written out: `list<string>`, a struct by its name; an enum is `i32`, as it is on the wire. */
  readonly type: string;
  readonly isRequired: boolean;
}

export interface Struct {
  readonly name: string;
  readonly isUnion: boolean;
  readonly fields: readonly Field[];
}

export interface Enum {
  readonly name: string;
  readonly members: readonly { readonly name: string; readonly value: number }[];
}

/** What an IDL file and those that it includes define, as far as it shows on the wire. */
export interface Schema {
  readonly structs: ReadonlyMap<string, Struct>;
  readonly enums: ReadonlyMap<string, Enum>;
}

/** As the compiler's JSON has it; the flat names are those of a container's inner types. */
interface TypeAnswer {
  readonly typeId?: string;
  readonly class?: string;
  readonly elemTypeId?: string;
  readonly elemType?: TypeAnswer;
  readonly keyTypeId?: string;
  readonly keyType?: TypeAnswer;
  readonly valueTypeId?: string;
  readonly valueType?: TypeAnswer;
}

interface FieldAnswer {
  readonly key: number;
  readonly name: string;
  readonly typeId: string;
  readonly type?: TypeAnswer;
  readonly required: string;
}

interface FileAnswer {
  readonly structs: readonly {
    readonly name: string;
    readonly isUnion: boolean;
    readonly fields: readonly FieldAnswer[];
  }[];
  readonly enums: readonly Enum[];
}

/**
 * Reads an IDL file with the Thrift compiler itself, so that what it takes for valid is what everybody's compiler does.
 *
 * @throws Error with the compiler's words.
 */
export function readThriftSchema(file: string): Schema {
  const scratch = mkdtempSync(join(tmpdir(), 'thrift-schema-'));
  try {
    const { status, stderr, error } = spawnSync('thrift', ['-r', '--gen', 'json', '-out', scratch, file], {
      encoding: 'utf8',
    });
    if (error !== undefined) throw new Error(`The Thrift compiler can’t be run: ${error.message}`);
    if (status !== 0) throw new Error(`The Thrift compiler refuses ${file}:\n${stderr}`);
    const files = readdirSync(scratch).map(
      (name) => JSON.parse(readFileSync(join(scratch, name), 'utf8')) as FileAnswer,
    );
    return {
      structs: new Map(files.flatMap(({ structs }) => structs.map((struct) => [struct.name, structOf(struct)]))),
      enums: new Map(files.flatMap(({ enums }) => enums.map((one) => [one.name, one]))),
    };
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

function structOf({ name, isUnion, fields }: FileAnswer['structs'][number]): Struct {
  return {
    name,
    isUnion,
    fields: fields.map((field) => ({
      id: field.key,
      name: field.name,
      type: typeText(field.typeId, field.type),
      isRequired: field.required === 'required',
    })),
  };
}

function typeText(typeId: string, type: TypeAnswer = {}): string {
  switch (typeId) {
    case 'list':
    case 'set':
      return `${typeId}<${typeText(type.elemTypeId ?? '', type.elemType)}>`;
    case 'map':
      return `map<${typeText(type.keyTypeId ?? '', type.keyType)},${typeText(type.valueTypeId ?? '', type.valueType)}>`;
    case 'struct':
    case 'union':
    case 'exception':
      return (type.class ?? typeId).replace(/^.*\./, '');
    default:
      return typeId;
  }
}
