import type { Pool } from 'pg';
import type { Finding } from './finding';

const WRONG = `
  SELECT coalesce(domain.domain_id, entity_type.domain_id, permission_type.domain_id) AS domain_id,
    domain.domain_id IS NOT NULL AS is_there, coalesce(entity_type.count, 0) AS entity_types,
    coalesce(permission_type.count, 0) AS permission_types
  FROM domain
  FULL JOIN (SELECT domain_id, count(*)::int FROM entity_type GROUP BY 1) AS entity_type USING (domain_id)
  FULL JOIN (SELECT domain_id, count(*)::int FROM permission_type GROUP BY 1) AS permission_type USING (domain_id)
  WHERE (coalesce(entity_type.count, 0), coalesce(permission_type.count, 0))
    <> (CASE WHEN domain.domain_id IS NULL THEN 0 ELSE 6 END, CASE WHEN domain.domain_id IS NULL THEN 0 ELSE 3 END)`;

/** Checks that each domain has all its entity types and permission types, and that a deleted domain has none. */
export async function checkDomainTypes(sharing: Pool): Promise<Finding[]> {
  const { rows } = await sharing.query(WRONG);
  return rows.map((row) => ({
    violation: 'lost' as const,
    where: 'types of a domain at sharing',
    entityId: row.domain_id,
    details: `${row.entity_types} entity types, ${row.permission_types} permission types; domain there: ${row.is_there}`,
  }));
}
