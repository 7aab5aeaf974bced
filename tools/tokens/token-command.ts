import { parseArgs } from 'node:util';
import { isRole, ROLES } from '../../apps/event-manager/src/access/role';
import { generateToken, hashOf } from '../../apps/event-manager/src/access/token-hash';
import { readTokenEntries, type TokenEntry, writeTokenEntries } from './token-entries';

const USAGE = `Creates, lists and revokes tokens of the admin API.

  npm run token -- --name NAME --role ${ROLES.join('|')} [--file FILE]   creates one; without --file prints its entry
  npm run token -- --list --file FILE
  npm run token -- --revoke NAME --file FILE

FILE is the file that ADMIN_TOKENS_FILE names; event managers reload it within a second. It contains hashes only: a token
is shown once, when it is created.`;

/** The command's output. */
export type Terminal = Pick<Console, 'log' | 'error' | 'table'>;

/** Runs one command line and returns the exit code. */
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
  if (!isRole(role)) throw new Error(`"${role}" is not a role. Use one of: ${ROLES.join(', ')}.`);
  const token = generateToken();
  const entry: TokenEntry = { name, role, sha256: hashOf(token).toString('hex'), createdAt: new Date().toISOString() };
  if (file === undefined) {
    terminal.log(`The entry for ADMIN_TOKENS_FILE:\n${JSON.stringify({ tokens: [entry] }, null, 2)}`);
  } else {
    const entries = readTokenEntries(file);
    if (entries.some((other) => other.name === name)) throw new Error(`${file} already has a token named "${name}".`);
    writeTokenEntries(file, [...entries, entry]);
    terminal.log(`Wrote the hash of "${name}" (${role}) to ${file}.`);
  }
  terminal.log(`The token, shown only once:\n${token}`);
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
  if (value === undefined) throw new Error(`The option ${option} is missing.`);
  return value;
}
