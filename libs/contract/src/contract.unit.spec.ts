import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { compareSchemas } from './compare-schemas';
import { brokenBy } from './readers';
import type { Enum, Field, Schema } from './schema';

const field = (id: number, name: string, type = 'string', isRequired = false): Field => ({
  id,
  name,
  type,
  isRequired,
  uses: type.match(/[A-Z]\w+/g) ?? [],
});
const schema = (fields: readonly Field[], members: Enum['members'] = [{ name: 'ON', value: 0 }]): Schema => ({
  structs: new Map([
    ['User', { name: 'User', isUnion: false, fields }],
    ['Team', { name: 'Team', isUnion: false, fields: [field(1, 'leader', 'User'), field(2, 'others', 'list<User>')] }],
  ]),
  enums: new Map([['State', { name: 'State', members }]]),
});

const BEFORE = schema([field(1, 'id', 'string', true), field(2, 'mail'), field(3, 'age', 'i32')]);
const rulesOf = (after: Schema) => compareSchemas(BEFORE, after).map(({ rule, breaks }) => [rule, breaks]);
const withFields = (...fields: Field[]) => schema(fields);
const [id, mail, age] = (BEFORE.structs.get('User')?.fields ?? []) as [Field, Field, Field];

describe('compareSchemas', () => {
  it.each<[string, Schema, [string, string][]]>([
    ['an added optional field', withFields(id, mail, age, field(4, 'phone')), [['optional-added', 'nobody']]],
    [
      'an added required field',
      withFields(id, mail, age, field(4, 'phone', 'string', true)),
      [['required-added', 'all readers']],
    ],
    ['a removed optional field', withFields(id, mail), [['optional-removed', 'readers of the field']]],
    ['a removed required field', withFields(mail, age), [['required-removed', 'all readers']]],
    ['a renamed field', withFields(id, { ...mail, name: 'email' }, age), [['field-renamed', 'nobody']]],
    ['a changed type', withFields(id, mail, { ...age, type: 'i64' }), [['type-changed', 'all readers']]],
    [
      'an optional field that became required',
      withFields(id, { ...mail, isRequired: true }, age),
      [['optional-to-required', 'all readers']],
    ],
    [
      'a required field that became optional',
      withFields({ ...id, isRequired: false }, mail, age),
      [['required-to-optional', 'all readers']],
    ],
    [
      'a changed id as one field removed and one added',
      withFields(id, { ...mail, id: 9 }, age),
      [
        ['optional-removed', 'readers of the field'],
        ['optional-added', 'nobody'],
      ],
    ],
    [
      'an added enum value',
      schema(
        [id, mail, age],
        [
          { name: 'ON', value: 0 },
          { name: 'OFF', value: 1 },
        ],
      ),
      [['enum-value-added', 'all readers']],
    ],
    ['a renamed enum value', schema([id, mail, age], [{ name: 'UP', value: 0 }]), [['enum-value-renamed', 'nobody']]],
    [
      'an enum value that moved',
      schema(
        [id, mail, age],
        [
          { name: 'OFF', value: 0 },
          { name: 'ON', value: 1 },
        ],
      ),
      [
        ['enum-value-moved', 'all readers'],
        ['enum-value-added', 'all readers'],
      ],
    ],
  ])('compareSchemas classifies %s', (_what, after, expected) => {
    expect(rulesOf(after)).toEqual(expected);
  });

  it('compareSchemas finds no change between equal schemas', () => {
    expect(rulesOf(BEFORE)).toEqual([]);
  });

  it('docs/how-to/change-an-entity.md documents every rule of compareSchemas, and no others', () => {
    const howTo = readFileSync(
      fileURLToPath(new URL('../../../docs/how-to/change-an-entity.md', import.meta.url)),
      'utf8',
    );
    const written = [...howTo.matchAll(/^\| `([a-z-]+)`/gm)].map((match) => match[1]);
    const source = readFileSync(fileURLToPath(new URL('compare-schemas.ts', import.meta.url)), 'utf8');
    const used = [...source.matchAll(/'((?:optional|required|type|field|struct|enum)-[a-z-]+)'/g)].map(
      (match) => match[1],
    );
    expect([...new Set(used)].sort()).toEqual(written.sort());
  });
});

describe('brokenBy', () => {
  const readers = [
    { subscriber: 'mailer', struct: 'User', fields: ['id', 'mail'] },
    { subscriber: 'census', struct: 'User', fields: ['id', 'age'] },
    { subscriber: 'mirror', struct: 'User' },
    { subscriber: 'teams', struct: 'Team' },
  ];
  const broken = (after: Schema) => compareSchemas(BEFORE, after).map((change) => brokenBy(change, readers, BEFORE));

  it('brokenBy names the readers of a removed field, and the readers of a struct that contains the field’s struct', () => {
    expect(broken(withFields(id, age))).toEqual([['mailer', 'mirror', 'teams']]);
  });

  it('brokenBy names all readers of a struct that can no longer be decoded', () => {
    expect(broken(withFields(mail, age))).toEqual([['census', 'mailer', 'mirror', 'teams']]);
  });

  it('brokenBy names no reader for a compatible change', () => {
    expect(broken(withFields(id, mail, age, field(4, 'phone')))).toEqual([[]]);
  });
});
