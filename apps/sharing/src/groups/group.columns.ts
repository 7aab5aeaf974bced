import type { Group } from '@dbem/entity-codec';
import { fieldsOf, type RowOf, rowOf } from '@dbem/postgres';
import type { Generated, Selectable } from 'kysely';
import type { GroupDetailsDto, GroupDto } from './group.dto';

/** Columns of a group by entity field, apart from its domain. */
export const GROUP_COLUMNS = {
  id: 'group_id',
  name: 'name',
  ownerId: 'owner_id',
  description: 'description',
  members: 'members',
  admins: 'admins',
} as const;

type Stored = Required<Omit<Group, 'description'>> & Pick<Group, 'description'>;
interface GroupTable extends RowOf<Pick<Stored, keyof typeof GROUP_COLUMNS>, typeof GROUP_COLUMNS> {
  domain_id: string;
  created_at: Generated<Date>;
}

export interface GroupTables {
  sharing_group: GroupTable;
}

export type GroupRow = Selectable<GroupTable>;

/** The columns that a PUT replaces. */
export function detailColumns({ members = [], admins = [], ...details }: GroupDetailsDto) {
  const { id: _id, ...columns } = GROUP_COLUMNS;
  return rowOf(columns, { ...details, members, admins });
}

/** The published form of the group. */
export function groupOf(row: GroupRow): Group {
  return fieldsOf(GROUP_COLUMNS, row);
}

/** The API's form of the group. */
export function groupDtoOf(row: GroupRow): GroupDto {
  return { ...fieldsOf(GROUP_COLUMNS, row), domainId: row.domain_id };
}
