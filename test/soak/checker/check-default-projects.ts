import type { Pool } from 'pg';
import type { Finding } from './finding';

/** Checks a handler's side effect: registry creates at most one default project each time a user is created. */
export async function checkDefaultProjects(profile: Pool, registry: Pool): Promise<Finding[]> {
  const given = await registry.query<{ owner: string; projects: number }>(`
    SELECT state ->> 'owner' AS owner, count(DISTINCT entity_id)::int AS projects FROM soak.state
    WHERE kind = 'project' AND state ->> 'name' = 'Default Project' GROUP BY 1`);
  const creations = await profile.query<{ entity_id: string; creations: number }>(`
    SELECT entity_id, count(*)::int AS creations FROM (
      SELECT entity_id, state, lag(state) OVER (PARTITION BY entity_id ORDER BY place) AS earlier
      FROM soak.state WHERE kind = 'user'
    ) AS step
    WHERE state IS NOT NULL AND earlier IS NULL GROUP BY 1`);
  const allowed = new Map(creations.rows.map((row) => [row.entity_id, row.creations]));
  return given.rows
    .filter(({ owner, projects }) => projects > (allowed.get(owner) ?? 0))
    .map(({ owner, projects }) => ({
      violation: 'doubled' as const,
      where: 'default project at registry',
      entityId: owner,
      details: `${projects} default projects for ${allowed.get(owner) ?? 0} creations`,
    }));
}
