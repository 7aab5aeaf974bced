import type { UserProfile } from '@dbem/entity-codec';
import { fieldsOf, type RowOf, rowOf } from '@dbem/postgres';
import type { UserDto } from './user.dto';

/** Columns of a user's replica by entity field. */
export const USER_COLUMNS = {
  userId: 'user_id',
  gatewayId: 'gateway_id',
  firstName: 'first_name',
  lastName: 'last_name',
  'emails.0': 'email',
} as const;

interface Stored extends Pick<UserProfile, 'userId' | 'gatewayId' | 'firstName' | 'lastName'> {
  readonly 'emails.0'?: string | undefined;
}

export type UserRow = RowOf<Stored, typeof USER_COLUMNS>;

export interface UserTables {
  registry_user: UserRow;
}

export function userRowOf(user: UserProfile): UserRow {
  return rowOf(USER_COLUMNS, { ...user, 'emails.0': user.emails[0] });
}

/** The API's form of the user. */
export function userDtoOf(row: UserRow): UserDto {
  const { userId: id, 'emails.0': email, ...fields } = fieldsOf(USER_COLUMNS, row);
  return { id, ...fields, ...(email !== undefined && { email }) };
}
