import type { UserProfile } from '@dbem/entity-codec';
import { fieldsOf, type RowOf, rowOf } from '@dbem/postgres';
import type { UserDetailsDto, UserDto } from './user.dto';

const ID = { userId: 'user_id', gatewayId: 'gateway_id' } as const;

const DETAILS = {
  firstName: 'first_name',
  lastName: 'last_name',
  emails: 'emails',
  middleName: 'middle_name',
  namePrefix: 'name_prefix',
  nameSuffix: 'name_suffix',
  orcidId: 'orcid_id',
  phones: 'phones',
  country: 'country',
  nationality: 'nationality',
  homeOrganization: 'home_organization',
  originationAffiliation: 'origination_affiliation',
  state: 'state',
  comments: 'comments',
  labeledURI: 'labeled_uri',
  gpgKey: 'gpg_key',
  timeZone: 'time_zone',
} as const;

const TIMES = { creationTime: 'created_ms', lastAccessTime: 'last_access_ms', validUntil: 'valid_until_ms' } as const;

/** Columns of a user by entity field. Times are ms since 1970. */
export const USER_COLUMNS = { ...ID, ...DETAILS, ...TIMES } as const;

export type UserRow = RowOf<Pick<UserProfile, keyof typeof USER_COLUMNS>, typeof USER_COLUMNS>;

export interface UserTables {
  profile_user: UserRow;
}

/** The columns that a PUT replaces. */
export function detailColumns({ state = 'ACTIVE', validUntil = 0, ...details }: UserDetailsDto) {
  return { ...rowOf(DETAILS, { ...details, state }), [TIMES.validUntil]: String(validUntil) };
}

/** The published form of the user. */
export function userProfileOf(row: UserRow): UserProfile {
  return {
    ...fieldsOf({ ...ID, ...DETAILS }, row),
    airavataInternalUserId: `${row.user_id}@${row.gateway_id}`,
    creationTime: BigInt(row.created_ms),
    lastAccessTime: BigInt(row.last_access_ms),
    validUntil: BigInt(row.valid_until_ms),
  };
}

/** The API's form of the user. */
export function userDtoOf(row: UserRow): UserDto {
  return {
    ...fieldsOf({ ...ID, ...DETAILS }, row),
    creationTime: Number(row.created_ms),
    lastAccessTime: Number(row.last_access_ms),
    validUntil: Number(row.valid_until_ms),
  };
}
