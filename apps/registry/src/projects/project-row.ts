import type { Project } from '@dbem/entity-codec';
import type { Selectable } from 'kysely';
import type { ProjectTable } from '../database/registry-tables';

export type ProjectRow = Selectable<ProjectTable>;

export const PROJECT_COLUMNS = 'project_id, gateway_id, owner, name, description, created_ms';

/** The project as it is published. */
export function projectOfRow(row: ProjectRow): Project {
  return {
    projectID: row.project_id,
    owner: row.owner,
    gatewayId: row.gateway_id,
    name: row.name,
    ...(row.description !== null && { description: row.description }),
    creationTime: BigInt(row.created_ms),
  };
}
