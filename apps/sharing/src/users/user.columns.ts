import type { UserProfile } from '@dbem/entity-codec';
import { fieldsOf, type RowOf, rowOf } from '@dbem/postgres';
import type { UserDto } from './user.dto';

/** Columns of a user's replica by entity field, apart from the id. */
export const USER_COLUMNS = {
  gatewayId: 'domain_id',
  firstName: 'first_name',
  lastName: 'last_name',
  'emails.0': 'email',
} as const;

interface Stored extends Pick<UserProfile, 'gatewayId' | 'firstName' | 'lastName'> {
  readonly 'emails.0'?: string | undefined;
}

/** Ids are `<userId>@<domain>`. */
export interface UserRow extends RowOf<Stored, typeof USER_COLUMNS> {
  user_id: string;
}

export interface UserTables {
  sharing_user: UserRow;
}

export function userRowOf(userId: string, user: UserProfile): UserRow {
  const { gatewayId, firstName, lastName, emails } = user;
  return { user_id: userId, ...rowOf(USER_COLUMNS, { gatewayId, firstName, lastName, 'emails.0': emails[0] }) };
}

/** The API's form of the user. */
export function userDtoOf(row: UserRow): UserDto {
  const { gatewayId: domainId, 'emails.0': email, ...names } = fieldsOf(USER_COLUMNS, row);
  return { id: row.user_id, domainId, ...names, ...(email !== undefined && { email }) };
}
