import type { Role } from '../../../apps/event-manager/src/admin/access/role';
import { drawToken, hashOf } from '../../../apps/event-manager/src/admin/access/token-hash';
import { readTokenEntries, writeTokenEntries } from '../../../tools/tokens/token-entries';

/** Makes a token for each of the roles, called "the <role>", or "the <kind> <role>", in a file that event managers read. */
export async function addTokens<Name extends Role>(
  file: string,
  roles: readonly Name[],
  kind?: string,
): Promise<Record<Name, string>> {
  const tokens = roles.map((role) => ({ role, token: drawToken() }));
  const createdAt = new Date().toISOString();
  const entries = tokens.map(({ role, token }) => ({
    name: kind === undefined ? `the ${role}` : `the ${kind} ${role}`,
    role,
    sha256: hashOf(token).toString('hex'),
    createdAt,
  }));
  writeTokenEntries(file, [...readTokenEntries(file), ...entries]);
  return Object.fromEntries(tokens.map(({ role, token }) => [role, token])) as Record<Name, string>;
}
