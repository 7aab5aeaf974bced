import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { runDbem } from '../../test/support/cli/run-dbem';

const PROJECT_IDL = fileURLToPath(new URL('../../libs/entity-codec/idl/project.thrift', import.meta.url));

/** Commands that work on files and need no event manager. */
describe('dbem without an event manager', () => {
  const folder = mkdtempSync(join(tmpdir(), 'dbem-'));

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('dbem tokens creates and revokes tokens in a file', async () => {
    const file = join(folder, 'tokens.json');
    const made = JSON.parse(
      (await runDbem(['tokens', 'make', 'ci', '--role', 'viewer', '--file', file, '--json'])).out,
    );
    expect(readFileSync(file, 'utf8')).not.toContain(made.token);
    expect((await runDbem(['tokens', 'list', '--file', file])).out).toMatch(/ci +viewer/);
    expect((await runDbem(['tokens', 'revoke', 'ci', '--file', file])).code).toBe(0);
    expect((await runDbem(['tokens', 'revoke', 'ci', '--file', file])).code).toBe(5);
  });

  it('dbem contract check compares two IDL files and names the subscribers that the change breaks', async () => {
    const text = readFileSync(PROJECT_IDL, 'utf8');
    const check = async (name: string, changed: string, ...options: string[]) => {
      const file = join(folder, `${name}.thrift`);
      expect(changed).not.toBe(text);
      writeFileSync(file, changed);
      return runDbem(['contract', 'check', PROJECT_IDL, file, ...options]);
    };
    const added = text.replace('8: optional', '9: optional string colour\n  8: optional');
    expect((await check('added', added)).code).toBe(0);
    expect((await check('unread', text.replace(/ {2}7: .*\n/, ''))).code).toBe(0);
    const { code, out } = await check('read', text.replace(/ {2}5: .*\n/, ''), '--json');
    expect(code).toBe(1);
    expect(JSON.parse(out).changes).toMatchObject([{ path: 'Project.description', breaksSubscribers: ['sharing'] }]);
    expect((await check('nonsense', 'struct {')).code).toBe(2);
  });
});
