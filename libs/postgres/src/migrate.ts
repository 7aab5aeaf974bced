import { Kysely, type Migration, Migrator, PostgresDialect } from 'kysely';
import type { Pool } from 'pg';

/** Steps of a database's schema by name; they run in the order of their names. */
export type Migrations = Readonly<Record<string, Migration>>;

/**
 * Brings a database's schema up to date. Safe to call from several instances at once: one does the work, the others wait.
 * Rejects with the failed step's error; that step is rolled back, earlier ones stay.
 */
export async function migrate(pool: Pool, migrations: Migrations): Promise<void> {
  const migrator = new Migrator({
    db: new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) }),
    provider: { getMigrations: async () => ({ ...migrations }) },
    allowUnorderedMigrations: true,
  });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw error;
}
