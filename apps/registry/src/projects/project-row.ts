import type { Project } from '@dbem/entity-codec';
import type { Selectable } from 'kysely';
import type { ProjectTable } from '../database/registry-tables';
import type { ProjectDto } from './project.dto';

export type ProjectRow = Selectable<ProjectTable>;

export const PROJECT_COLUMNS = 'project_id, gateway_id, owner, name, description, created_ms';

/** The owner as profile names it. */
export function ownerIdOf({ owner, gateway_id }: ProjectRow): string {
  return `${owner}@${gateway_id}`;
}

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

/** The project as the API answers it. */
export function projectDtoOf(row: ProjectRow): ProjectDto {
  return {
    id: row.project_id,
    gatewayId: row.gateway_id,
    owner: row.owner,
    name: row.name,
    ...(row.description !== null && { description: row.description }),
    creationTime: Number(row.created_ms),
  };
}
