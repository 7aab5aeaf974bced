import { runTokenCommand } from '../cli/run-token-command';

/** Adds a token to a file that event managers read. */
export function addToken(file: string, name: string, role: string): string {
  const { code, out, err } = runTokenCommand('--name', name, '--role', role, '--file', file);
  if (code !== 0) throw new Error(err);
  return out.trim().split('\n').at(-1) as string;
}

/** Adds a token for each role, named "the <role>" or "the <kind> <role>". */
export async function addTokens<Role extends string>(
  file: string,
  roles: readonly Role[],
  kind?: string,
): Promise<Record<Role, string>> {
  const nameOf = (role: Role) => (kind === undefined ? `the ${role}` : `the ${kind} ${role}`);
  const tokens = roles.map((role) => [role, addToken(file, nameOf(role), role)]);
  return Object.fromEntries(tokens) as Record<Role, string>;
}
