import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Enum, Field, Schema, Struct } from '@dbem/contract';

/** A schema without what the compiler's JSON omits. */
export interface CompiledSchema {
  readonly structs: ReadonlyMap<string, Omit<Struct, 'fields'> & { readonly fields: readonly Omit<Field, 'uses'>[] }>;
  readonly enums: Schema['enums'];
}

/** A type in the compiler's JSON; the `…TypeId` fields name a container's inner types. */
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
 * The schema of an IDL file as the Thrift compiler reads it.
 *
 * @throws Error with the compiler's message
 */
export function compiledSchema(file: string): CompiledSchema {
  const scratch = mkdtempSync(join(tmpdir(), 'thrift-schema-'));
  try {
    const { status, stderr, error } = spawnSync('thrift', ['-r', '--gen', 'json', '-out', scratch, file], {
      encoding: 'utf8',
    });
    if (error !== undefined) throw new Error(`Could not run the Thrift compiler: ${error.message}`);
    if (status !== 0) throw new Error(`The Thrift compiler rejected ${file}:\n${stderr}`);
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

function structOf({ name, isUnion, fields }: FileAnswer['structs'][number]) {
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
