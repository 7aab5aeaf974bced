import type { Command } from 'commander';
import { CliError } from '../cli.error';
import { EXIT_CODES } from '../exit-codes';
import { sessionOf } from '../session';

export function addDatabase(program: Command): void {
  program
    .command('database')
    .description('work on a publisher’s own database; needs no event manager')
    .command('raise-epoch')
    .description(
      'after a restore from a backup and before any write: raise the epoch, so that no version is issued twice',
    )
    .option('--database-url <url>', 'the publisher’s database (default: DATABASE_URL)')
    .action(async (options: { databaseUrl?: string }, command: Command) => {
      const { env, output } = sessionOf(command);
      const { databaseUrl = env['DATABASE_URL'] } = options;
      if (databaseUrl === undefined) {
        throw new CliError('No database is given: set --database-url or DATABASE_URL.', EXIT_CODES.usage);
      }
      // Loaded on demand: they import Nest.
      const [{ Client }, { raiseEpoch }] = await Promise.all([import('pg'), import('@dbem/outbox')]);
      const client = new Client({ connectionString: databaseUrl, connectionTimeoutMillis: 5_000 });
      try {
        await client.connect();
        const version = await raiseEpoch(client);
        output.done({ firstVersion: String(version) }, `The next version is ${version}.`);
      } catch (error) {
        throw new CliError(`Can’t use the database: ${(error as Error).message}`, EXIT_CODES.unavailable);
      } finally {
        await client.end().catch(() => {
          // It was never connected.
        });
      }
    });
}
