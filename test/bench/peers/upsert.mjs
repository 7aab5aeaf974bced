/** One row per message; an older version never overwrites a newer one. */
export function upsertStatement(replica) {
  const [table, key] = replica === 'sharing' ? ['sharing_user', 'domain_id'] : ['registry_user', 'gateway_id'];
  return `
    WITH passed AS (
      INSERT INTO db_event.replica_version AS present (publisher, entity_type, entity_id, version, deleted)
      VALUES ('user.profile', 'USER_PROFILE', $6, $7, false)
      ON CONFLICT (publisher, entity_type, entity_id) DO UPDATE SET version = excluded.version
      WHERE present.version < excluded.version
      RETURNING entity_id
    )
    INSERT INTO ${table} (${key}, user_id, first_name, last_name, email)
    SELECT $1, $2, $3, $4, $5 FROM passed
    ON CONFLICT (${key}, user_id) DO UPDATE
    SET first_name = excluded.first_name, last_name = excluded.last_name, email = excluded.email`;
}

export function upsertValues(replica, payload) {
  const { userId, gatewayId, firstName, lastName, emails, version } = payload;
  const id = `${userId}@${gatewayId}`;
  return [gatewayId, replica === 'sharing' ? id : userId, firstName, lastName, emails[0], id, version + 1];
}
