import type { Project } from '@dbem/entity-codec';
import { fieldsOf, type RowOf } from '@dbem/postgres';
import type { ProjectDto } from './project.dto';

const COLUMNS = {
  projectID: 'project_id',
  owner: 'owner',
  gatewayId: 'gateway_id',
  name: 'name',
  description: 'description',
} as const;

/** Columns of a project by entity field. `owner` is a user id without `@<gateway>`; times are ms since 1970. */
export const PROJECT_COLUMNS = { ...COLUMNS, creationTime: 'created_ms' } as const;

type Kept = Pick<Project, keyof typeof COLUMNS> & { readonly creationTime: bigint };

export type ProjectRow = RowOf<Kept, typeof PROJECT_COLUMNS>;

export interface ProjectTables {
  project: ProjectRow;
}

/** The owner's entity id at profile. */
export function ownerIdOf({ owner, gateway_id }: ProjectRow): string {
  return `${owner}@${gateway_id}`;
}

/** The published form of the project. */
export function projectOfRow(row: ProjectRow): Project {
  return { ...fieldsOf(COLUMNS, row), creationTime: BigInt(row.created_ms) };
}

/** The API's form of the project. */
export function projectDtoOf(row: ProjectRow): ProjectDto {
  const { projectID: id, ...fields } = fieldsOf(COLUMNS, row);
  return { id, ...fields, creationTime: Number(row.created_ms) };
}
