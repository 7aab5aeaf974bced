import type { Pool } from 'pg';
import type { Finding } from './finding';

/** A handler with an effect of its own: registry gives a new user a default project. Of each coming of a user at most one. */
export async function checkDefaultProjects(profile: Pool, registry: Pool): Promise<Finding[]> {
  const given = await registry.query<{ owner: string; projects: number }>(`
    SELECT state ->> 'owner' AS owner, count(DISTINCT entity_id)::int AS projects FROM soak.state
    WHERE kind = 'project' AND state ->> 'name' = 'Default Project' GROUP BY 1`);
  const comings = await profile.query<{ entity_id: string; comings: number }>(`
    SELECT entity_id, count(*)::int AS comings FROM (
      SELECT entity_id, state, lag(state) OVER (PARTITION BY entity_id ORDER BY place) AS earlier
      FROM soak.state WHERE kind = 'user'
    ) AS step
    WHERE state IS NOT NULL AND earlier IS NULL GROUP BY 1`);
  const allowed = new Map(comings.rows.map((row) => [row.entity_id, row.comings]));
  return given.rows
    .filter(({ owner, projects }) => projects > (allowed.get(owner) ?? 0))
    .map(({ owner, projects }) => ({
      violation: 'doubled' as const,
      where: 'default project at registry',
      entityId: owner,
      details: `${projects} default projects for ${allowed.get(owner) ?? 0} comings`,
    }));
}
