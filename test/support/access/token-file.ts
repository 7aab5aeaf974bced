import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Makes a token for each of the roles, called "the <role>", or "the <kind> <role>", in a file that event managers read. */
export async function addTokens<Role extends string>(
  file: string,
  roles: readonly Role[],
  kind?: string,
): Promise<Record<Role, string>> {
  const tokens: Partial<Record<Role, string>> = {};
  for (const role of roles) {
    const name = kind === undefined ? `the ${role}` : `the ${kind} ${role}`;
    const args = ['--name', name, '--role', role, '--file', file];
    const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', 'tools/token.ts', ...args]);
    tokens[role] = stdout.trim().split('\n').at(-1) as string;
  }
  return tokens as Record<Role, string>;
}
