import type { Pool } from 'pg';
import type { Finding } from './finding';

const TWICE = `
  SELECT publisher || ' ' || entity_type AS where, entity_id, version FROM soak.step
  GROUP BY publisher, entity_type, entity_id, version HAVING count(*) > 1`;

const BACKWARDS = `
  SELECT publisher || ' ' || entity_type AS where, entity_id, version, newest_before FROM (
    SELECT *, max(version) OVER (
      PARTITION BY publisher, entity_type, entity_id ORDER BY place ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS newest_before
    FROM soak.step
  ) AS step
  WHERE version < newest_before`;

/** Checks the versions that a replica applied: each only once, and only increasing ones. */
export async function checkSteps(service: string, replica: Pool): Promise<Finding[]> {
  const twice = await replica.query(TWICE);
  const backwards = await replica.query(BACKWARDS);
  return [
    ...twice.rows.map((row) => ({
      violation: 'doubled' as const,
      where: `${row.where} at ${service}`,
      entityId: row.entity_id,
      details: `version ${row.version} twice`,
    })),
    ...backwards.rows.map((row) => ({
      violation: 'backwards' as const,
      where: `${row.where} at ${service}`,
      entityId: row.entity_id,
      details: `version ${row.version} after ${row.newest_before}`,
    })),
  ];
}
