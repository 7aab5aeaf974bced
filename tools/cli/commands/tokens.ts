import type { Command } from 'commander';
import { isRole, ROLES } from '../../../apps/event-manager/src/access/role';
import { generateToken, hashOf } from '../../../apps/event-manager/src/access/token-hash';
import type { TokenEntry } from '../../tokens/token-entries';
import { CliError } from '../cli.error';
import { EXIT_CODES } from '../exit-codes';
import { sessionOf } from '../session';

export function addTokens(program: Command): void {
  const group = program
    .command('tokens')
    .description('manage admin API tokens in the file that ADMIN_TOKENS_FILE names; needs no event manager');

  group
    .command('list')
    .description('list the names and roles of all tokens')
    .requiredOption('--file <file>')
    .action(async ({ file }: { file: string }, command: Command) => {
      const shown = (await tokenFile())
        .readTokenEntries(file)
        .map(({ name, role, createdAt = '' }) => ({ name, role, createdAt }));
      sessionOf(command).output.table(
        shown,
        ['name', 'role', 'created'],
        shown.map(({ name, role, createdAt }) => [name, role, createdAt]),
        'There are no tokens.',
      );
    });

  group
    .command('make')
    .description('create a token and print it once')
    .argument('<name>')
    .requiredOption('--role <role>', ROLES.join(', '))
    .requiredOption('--file <file>')
    .action(async (name: string, { role, file }: { role: string; file: string }, command: Command) => {
      if (!isRole(role))
        throw new CliError(`"${role}" is not a role. Use one of: ${ROLES.join(', ')}.`, EXIT_CODES.usage);
      const entries = (await tokenFile()).readTokenEntries(file);
      if (entries.some((other) => other.name === name)) {
        throw new CliError(`${file} already has a token named "${name}".`, EXIT_CODES.refused);
      }
      const token = generateToken();
      const sha256 = hashOf(token).toString('hex');
      const entry: TokenEntry = { name, role, sha256, createdAt: new Date().toISOString() };
      (await tokenFile()).writeTokenEntries(file, [...entries, entry]);
      sessionOf(command).output.done({ name, role, token }, `The token, shown only once:\n${token}`);
    });

  group
    .command('revoke')
    .description('revoke a token')
    .argument('<name>')
    .requiredOption('--file <file>')
    .action(async (name: string, { file }: { file: string }, command: Command) => {
      const entries = (await tokenFile()).readTokenEntries(file);
      const left = entries.filter((entry) => entry.name !== name);
      if (left.length === entries.length) {
        throw new CliError(`${file} has no token named "${name}".`, EXIT_CODES.absent);
      }
      (await tokenFile()).writeTokenEntries(file, left);
      sessionOf(command).output.done({ revoked: name }, `Revoked "${name}".`);
    });
}

/** Loaded on demand: it imports the validation library. */
const tokenFile = () => import('../../tokens/token-entries');
