import type { Pool } from 'pg';
import { waitUntil } from './check';
import type { StorySystem } from './story-system';

/** Rows as text lines, by key. */
type Rows = ReadonlyMap<string, string>;

const USERS_AT_SOURCE = `
  SELECT user_id || '@' || gateway_id AS key, concat_ws('|', first_name, last_name, emails[1]) AS line FROM profile_user`;
const USERS_AT_SHARING = `SELECT user_id AS key, concat_ws('|', first_name, last_name, email) AS line FROM sharing_user`;
const USERS_AT_REGISTRY = `
  SELECT user_id || '@' || gateway_id AS key, concat_ws('|', first_name, last_name, email) AS line FROM registry_user`;
const TENANTS_AT_SOURCE = `SELECT gateway_id AS key, coalesce(gateway_name, gateway_id) AS line FROM tenant`;
const TENANTS_AT_SHARING = `SELECT domain_id AS key, name AS line FROM domain`;
const TENANTS_AT_REGISTRY = `SELECT gateway_id AS key, name AS line FROM gateway`;
const PROJECTS_AT_SOURCE = `
  SELECT project_id AS key, concat_ws('|', gateway_id || ':PROJECT', owner || '@' || gateway_id, name) AS line FROM project`;
const PROJECTS_AT_SHARING = `SELECT entity_id AS key, concat_ws('|', entity_type_id, owner_id, name) AS line FROM entity`;

/** Waits until every replica equals its source, row by row. */
export async function verifyAllReplicas(system: StorySystem, timeoutMs?: number): Promise<void> {
  const { profile, sharing, registry } = system.databases;
  await verifyReplica('users at sharing', [profile, USERS_AT_SOURCE], [sharing, USERS_AT_SHARING], timeoutMs);
  await verifyReplica('users at registry', [profile, USERS_AT_SOURCE], [registry, USERS_AT_REGISTRY], timeoutMs);
  await verifyReplica('tenants at sharing', [profile, TENANTS_AT_SOURCE], [sharing, TENANTS_AT_SHARING], timeoutMs);
  await verifyReplica('tenants at registry', [profile, TENANTS_AT_SOURCE], [registry, TENANTS_AT_REGISTRY], timeoutMs);
  await verifyReplica('projects at sharing', [registry, PROJECTS_AT_SOURCE], [sharing, PROJECTS_AT_SHARING], timeoutMs);
}

type Query = readonly [Pool, string];

async function verifyReplica(name: string, source: Query, replica: Query, timeoutMs?: number): Promise<void> {
  await waitUntil(
    `${name} equal their source`,
    async () => difference(await read(source), await read(replica)),
    timeoutMs,
  );
}

async function read([pool, sql]: Query): Promise<Rows> {
  const { rows } = await pool.query<{ key: string; line: string }>(sql);
  return new Map(rows.map(({ key, line }) => [key, line]));
}

function difference(source: Rows, replica: Rows): string | undefined {
  for (const [key, line] of source) {
    if (!replica.has(key)) return `${key} is missing (the replica has ${replica.size} of ${source.size} rows)`;
    if (replica.get(key) !== line) return `${key} is "${replica.get(key)}" instead of "${line}"`;
  }
  for (const key of replica.keys()) {
    if (!source.has(key)) return `${key} still exists, but not at its source`;
  }
  return undefined;
}

/** Counts the rows of a table. */
export async function count(pool: Pool, table: string, where = 'true', params: unknown[] = []): Promise<number> {
  const { rows } = await pool.query<{ count: string }>(`SELECT count(*) FROM ${table} WHERE ${where}`, params);
  return Number(rows[0]?.count);
}
