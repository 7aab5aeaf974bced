import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { OWN_READERS } from './check-files';
import { readReaders } from './readers';

describe('readers.json', () => {
  it('The list of this repository’s readers names only existing fields', () => {
    const idl = (name: string) =>
      readFileSync(fileURLToPath(new URL(`../../libs/entity-codec/idl/${name}.thrift`, import.meta.url)), 'utf8');
    const files = { UserProfile: idl('user_profile'), Gateway: idl('gateway'), Project: idl('project') };
    for (const { struct, fields = [] } of readReaders(OWN_READERS)) {
      for (const name of fields) expect(files[struct as keyof typeof files], name).toMatch(new RegExp(`\\b${name}\\b`));
    }
  });
});
