import { GATEWAY, PUBLISHER, userIdOf } from '../drivers/users';
import type { World } from './world';

const FIRST = userIdOf(0).replace(/\d+$/, '');
const USER_ID = `'${FIRST}' || lpad(i::text, 8, '0')`;

/** Inserts `users` users as if each had been created and replicated with version 0. */
export async function seedProfile(world: World, users: number, comments: string, database = 'profile'): Promise<void> {
  await run(world, database, [
    `INSERT INTO profile_user (user_id, gateway_id, first_name, last_name, emails, country, home_organization, state, comments,
       created_ms, last_access_ms, valid_until_ms)
     SELECT ${USER_ID}, '${GATEWAY}', 'r', 'Lovelace', ARRAY[${USER_ID} || '@example.org'], 'GB', 'Works', 'ACTIVE',
       '${comments}', 0, 0, 0
     FROM generate_series(0, ${users - 1}) i`,
    'VACUUM ANALYZE profile_user',
  ]);
}

export async function seedReplica(world: World, service: 'sharing' | 'registry', users: number): Promise<void> {
  const [table, key, id] =
    service === 'sharing'
      ? ['sharing_user', 'domain_id', `${USER_ID} || '@${GATEWAY}'`]
      : ['registry_user', 'gateway_id', USER_ID];
  await run(world, service, [
    `INSERT INTO ${table} (${key}, user_id, first_name, last_name, email)
     SELECT '${GATEWAY}', ${id}, 'r', 'Lovelace', ${USER_ID} || '@example.org' FROM generate_series(0, ${users - 1}) i`,
    `INSERT INTO db_event.replica_version (publisher, entity_type, entity_id, version, deleted)
     SELECT '${PUBLISHER}', 'USER_PROFILE', ${USER_ID} || '@${GATEWAY}', 0, false FROM generate_series(0, ${users - 1}) i`,
    `VACUUM ANALYZE ${table}`,
    'VACUUM ANALYZE db_event.replica_version',
  ]);
}

async function run(world: World, service: string, statements: readonly string[]): Promise<void> {
  const pool = world.pool(service);
  for (const statement of statements) await pool.query(statement);
}
