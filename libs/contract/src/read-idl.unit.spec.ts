import { DbEventError } from '@dbem/db-event';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readIdl } from './read-idl';
import { reachOf } from './schema';

const fieldsOf = (idl: string, includes = {}, struct = 'S') => readIdl({ idl, includes }).structs.get(struct)?.fields;

function faultOf(idl: string): string {
  try {
    readIdl({ idl });
  } catch (error) {
    expect(error).toBeInstanceOf(DbEventError);
    expect((error as DbEventError).code).toBe('SCHEMA_INVALID');
    return (error as Error).message;
  }
  return 'none';
}

describe('readIdl', () => {
  it('readIdl resolves names through typedefs and includes', () => {
    const shared = 'typedef string Id\nenum Colour { RED, GREEN = 5, BLUE }\nstruct Point { 1: i32 x }';
    const idl = `include "shared.thrift"
      typedef list<shared.Point> Points
      struct S { 1: required shared.Id id; 2: optional map<shared.Colour, Points> places, 3: set<byte> bytes }`;
    expect(fieldsOf(idl, { 'shared.thrift': shared })).toEqual([
      { id: 1, name: 'id', type: 'string', isRequired: true, uses: [] },
      { id: 2, name: 'places', type: 'map<i32,list<Point>>', isRequired: false, uses: ['Colour', 'Point'] },
      { id: 3, name: 'bytes', type: 'set<i8>', isRequired: false, uses: [] },
    ]);
    const schema = readIdl({ idl, includes: { 'shared.thrift': shared } });
    expect(schema.enums.get('Colour')?.members).toEqual([
      { name: 'RED', value: 0 },
      { name: 'GREEN', value: 5 },
      { name: 'BLUE', value: 6 },
    ]);
    expect([...reachOf(schema, 'S')].sort()).toEqual(['Colour', 'Point', 'S']);
  });

  it.each([
    ['struct S {', 'a type is missing, at the end'],
    ['struct S { 1: string }', 'a field’s name is missing'],
    ['struct S { 1: strin a }', 'there is no type "strin"'],
    ['struct S { 1: string a 1: string b }', 'two fields with the id 1'],
    ['nonsense', '"nonsense" does not start a definition'],
    ['struct S { 1: string a }\n\n ~', 'line 3'],
    ['include "a.thrift"', 'the included file "a.thrift" is missing'],
    ['include "toString"', 'the included file "toString" is missing'],
    ['typedef T T\nstruct S { 1: T t }', 'there is no type "T"'],
    [`struct S { 1: ${'list<'.repeat(100)}i32${'>'.repeat(100)} a }`, 'nested too deeply'],
    ['service S { void f(', 'a "}" is missing'],
  ])('The IDL text %j is rejected with: %s', (idl, fault) => {
    expect(faultOf(idl)).toContain(fault);
  });

  it('readIdl returns a schema or throws SCHEMA_INVALID for any text', () => {
    const pieces = [
      'struct',
      'S',
      '{',
      '}',
      '1:',
      'list<',
      '>',
      'i32',
      'a',
      '=',
      '[',
      ']',
      '"x"',
      'enum',
      '(',
      ')',
      ',',
      '/*',
      '//',
      '\n',
      '-',
    ];
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string()), { maxLength: 60 }), (parts) => {
        faultOf(parts.join(' '));
      }),
      { numRuns: 500 },
    );
  });
});
