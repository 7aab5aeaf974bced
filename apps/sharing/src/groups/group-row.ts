import type { Group } from '@dbem/entity-codec';
import type { Selectable } from 'kysely';
import type { GroupTable } from '../database/sharing-tables';
import type { GroupDetailsDto, GroupDto } from './group.dto';

export type GroupRow = Selectable<GroupTable>;

export function detailColumns({ name, description, ownerId, members, admins }: GroupDetailsDto) {
  return { name, description: description ?? null, owner_id: ownerId, members: members ?? [], admins: admins ?? [] };
}

function commonFields({ group_id, name, description, owner_id, members, admins }: GroupRow) {
  return { id: group_id, name, ownerId: owner_id, members, admins, ...(description !== null && { description }) };
}

/** The group as it is published. */
export function groupOf(row: GroupRow): Group {
  return commonFields(row);
}

/** The group as the API answers it. */
export function groupDtoOf(row: GroupRow): GroupDto {
  return { ...commonFields(row), domainId: row.domain_id };
}
