import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readIdl, type Schema } from '@dbem/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readIdlFiles } from '../../tools/contract/read-idl-files';
import { ensureThriftCompiler } from '../../tools/servers/thrift-compiler';
import { type CompiledSchema, compiledSchema } from '../support/thrift/compiled-schema';

const OWN_IDL = fileURLToPath(new URL('../../libs/entity-codec/idl/', import.meta.url));

/** Every construct of the Thrift language, except those that the compiler rejects. */
const EVERYTHING = `
/* of */ namespace * every.thing
namespace js EveryThing
include "other.thrift"
// a comment
const i32 LIMIT = 0x10
const map<string, list<i32>> TABLE = {"a": [1, 2], 'b': []}
typedef list<other.Thing> Things
typedef i64 Time
enum Level { LOW, MIDDLE = 10, HIGH; TOP = -3 (note = "odd") }
struct Inner { 1: required Time at, 2: binary bytes; 3: double weight = 1.5e3 }
union Either { 1: string text, 2: Inner inner }
exception Failed { 1: string message }
struct Everything {
  7: optional Level level = Level.LOW (note = "n", flag);
  1: required bool yes = true
  2: byte b, 3: i16 s; 4: i64 l
  5: Things things
  6: map<Level, set<Either>> table = {}
  8: optional list<list<map<string, other.Thing>>> deep
  9: optional other.Kind kind
} (final = "true")
service Doing extends other.Base { oneway void go(1: i32 a), Inner get(1: string id) throws (1: Failed f) }
`;
const OTHER = 'enum Kind { A }\nstruct Thing { 1: Kind kind }\nservice Base { void nothing() }\n';

/** Removes what the compiler's JSON omits. */
function comparable({ structs, enums }: Schema | CompiledSchema) {
  return {
    structs: [...structs.values()]
      .map(({ name, isUnion, fields }) => ({
        name,
        isUnion,
        fields: fields
          .map(({ id, name: field, type, isRequired }) => ({ id, field, type, isRequired }))
          .sort((left, right) => left.id - right.id),
      }))
      .sort((left, right) => left.name.localeCompare(right.name)),
    enums: [...enums.values()]
      .map(({ name, members }) => ({ name, members }))
      .sort((a, b) => a.name.localeCompare(b.name)),
  };
}

describe('IDL files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'dbem-idl-'));

  beforeAll(() => {
    ensureThriftCompiler((line) => process.stderr.write(`${line}\n`));
    writeFileSync(join(folder, 'everything.thrift'), EVERYTHING);
    writeFileSync(join(folder, 'other.thrift'), OTHER);
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const files = [...readdirSync(OWN_IDL).map((name) => join(OWN_IDL, name)), join(folder, 'everything.thrift')].map(
    (file) => [basename(file), file] as const,
  );

  it.each(files)('%s is parsed as the Thrift compiler parses it', (_name, file) => {
    expect(comparable(readIdl(readIdlFiles(file), file))).toEqual(comparable(compiledSchema(file)));
  });
});
