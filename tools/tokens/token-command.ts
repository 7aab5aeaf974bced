import { parseArgs } from 'node:util';
import { isRole, ROLES } from '../../apps/event-manager/src/access/role';
import { generateToken, hashOf } from '../../apps/event-manager/src/access/token-hash';
import { readTokenEntries, type TokenEntry, writeTokenEntries } from './token-entries';

const USAGE = `Makes, lists and revokes tokens of the admin API.

  npm run token -- --name NAME --role ${ROLES.join('|')} [--file FILE]   makes one; without a file prints its entry
  npm run token -- --list --file FILE
  npm run token -- --revoke NAME --file FILE

FILE is what ADMIN_TOKENS_FILE names; managers take a change of it within a second. It holds hashes only: a token is
shown once, when it is made.`;

/** Where the command writes. */
export type Terminal = Pick<Console, 'log' | 'error' | 'table'>;

/** Runs one command line; returns the code to end with. */
export function tokenCommand(args: readonly string[], terminal: Terminal): number {
  try {
    run(args, terminal);
    return 0;
  } catch (error) {
    terminal.error(`${(error as Error).message}\n\n${USAGE}`);
    return 2;
  }
}

function run(args: readonly string[], terminal: Terminal): void {
  const { values } = parseArgs({
    args: [...args],
    options: {
      name: { type: 'string' },
      role: { type: 'string' },
      file: { type: 'string' },
      list: { type: 'boolean' },
      revoke: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) terminal.log(USAGE);
  else if (values.list) list(required(values.file, '--file'), terminal);
  else if (values.revoke !== undefined) revoke(values.revoke, required(values.file, '--file'), terminal);
  else make(required(values.name, '--name'), required(values.role, '--role'), values.file, terminal);
}

function make(name: string, role: string, file: string | undefined, terminal: Terminal): void {
  if (!isRole(role)) throw new Error(`"${role}" is no role: ${ROLES.join(', ')}.`);
  const token = generateToken();
  const entry: TokenEntry = { name, role, sha256: hashOf(token).toString('hex'), createdAt: new Date().toISOString() };
  if (file === undefined) {
    terminal.log(`The entry for ADMIN_TOKENS_FILE:\n${JSON.stringify({ tokens: [entry] }, null, 2)}`);
  } else {
    const entries = readTokenEntries(file);
    if (entries.some((other) => other.name === name)) throw new Error(`${file} has a token named "${name}" already.`);
    writeTokenEntries(file, [...entries, entry]);
    terminal.log(`Wrote the hash of "${name}" (${role}) to ${file}.`);
  }
  terminal.log(`The token, shown only now:\n${token}`);
}

function list(file: string, terminal: Terminal): void {
  terminal.table(readTokenEntries(file).map(({ name, role, createdAt = '' }) => ({ name, role, createdAt })));
}

function revoke(name: string, file: string, terminal: Terminal): void {
  const entries = readTokenEntries(file);
  const left = entries.filter((entry) => entry.name !== name);
  if (left.length === entries.length) throw new Error(`${file} has no token named "${name}".`);
  writeTokenEntries(file, left);
  terminal.log(`Revoked "${name}".`);
}

function required(value: string | undefined, option: string): string {
  if (value === undefined) throw new Error(`${option} is missing.`);
  return value;
}
