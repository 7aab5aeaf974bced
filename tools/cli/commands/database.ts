import type { Command } from 'commander';
import { CliError } from '../cli.error';
import { EXIT_CODES } from '../exit-codes';
import { sessionOf } from '../session';

export function addDatabase(program: Command): void {
  program
    .command('database')
    .description('a publisher’s own database; needs no event manager')
    .command('raise-epoch')
    .description('after a restore from a backup, before anything writes: hands out no version twice')
    .option('--database-url <url>', 'the publisher’s database (default: DATABASE_URL)')
    .action(async (options: { databaseUrl?: string }, command: Command) => {
      const { env, output } = sessionOf(command);
      const { databaseUrl = env['DATABASE_URL'] } = options;
      if (databaseUrl === undefined) {
        throw new CliError('Say which database: --database-url, or DATABASE_URL.', EXIT_CODES.usage);
      }
      // Loaded when they are needed: they bring Nest along.
      const [{ Client }, { raiseEpoch }] = await Promise.all([import('pg'), import('@dbem/outbox')]);
      const client = new Client({ connectionString: databaseUrl, connectionTimeoutMillis: 5_000 });
      try {
        await client.connect();
        const version = await raiseEpoch(client);
        output.done({ firstVersion: String(version) }, `The next version is ${version}.`);
      } catch (error) {
        throw new CliError(`The database can’t be used: ${(error as Error).message}`, EXIT_CODES.unavailable);
      } finally {
        await client.end().catch(() => {
          // It was never connected.
        });
      }
    });
}
