import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { Migrations, migrate } from '@dbem/postgres';
import { Client, Pool } from 'pg';

/** Schemas that tests start from: those of the services, and those of libraries. */
export const TEMPLATES = ['profile', 'sharing', 'registry', 'outbox', 'replica'] as const;
export type Template = (typeof TEMPLATES)[number];

/** The names of the template databases. */
export type TemplateDatabases = Readonly<Record<Template, string>>;

const require = createRequire(import.meta.url);
const repository = fileURLToPath(new URL('../../..', import.meta.url));

/** Creates each schema once; a test database is a file copy of it instead of running all migrations again. */
export async function createTemplateDatabases(postgresUrl: string): Promise<TemplateDatabases> {
  const run = randomUUID().slice(0, 8);
  const names = Object.fromEntries(TEMPLATES.map((template) => [template, `template_${template}_${run}`]));
  await administer(postgresUrl, async (client) => {
    for (const name of Object.values(names)) await client.query(`CREATE DATABASE ${name}`);
  });
  // The built library: this process of the test runner does not compile the sources.
  const { migrate: bringUpToDate } = require('@dbem/postgres') as { migrate: typeof migrate };
  await Promise.all(
    TEMPLATES.map(async (template) => {
      const pool = new Pool({ connectionString: urlOf(postgresUrl, names[template] ?? ''), max: 2 });
      await bringUpToDate(pool, migrationsOf(template));
      await pool.end();
    }),
  );
  return names as TemplateDatabases;
}

export async function dropTemplateDatabases(postgresUrl: string, templates: TemplateDatabases): Promise<void> {
  await administer(postgresUrl, async (client) => {
    for (const name of Object.values(templates)) await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  });
}

/** The URL of the database `name` on the same server. */
export function urlOf(postgresUrl: string, name: string): string {
  const url = new URL(postgresUrl);
  url.pathname = `/${name}`;
  return url.toString();
}

/** Runs `work` on a new connection to the server's administrative database. */
export async function administer(postgresUrl: string, work: (client: Client) => Promise<unknown>): Promise<void> {
  const client = new Client({ connectionString: postgresUrl });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

function migrationsOf(template: Template): Migrations {
  const [module, name] =
    template === 'outbox' || template === 'replica'
      ? [`@dbem/${template}`, `${template}Migrations`]
      : [`${repository}dist/apps/${template}/database/${template}-migrations.js`, `${template}Migrations`];
  return (require(module) as Record<string, Migrations>)[name] as Migrations;
}
