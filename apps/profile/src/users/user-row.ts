import type { UserProfile } from '@dbem/entity-codec';
import type { Selectable } from 'kysely';
import type { UserTable } from '../database/profile-tables';
import type { UserDetailsDto, UserDto } from './user.dto';

export type UserRow = Selectable<UserTable>;

/** The columns that a PUT replaces. */
export function detailColumns(details: UserDetailsDto) {
  return {
    first_name: details.firstName,
    last_name: details.lastName,
    emails: details.emails,
    middle_name: details.middleName ?? null,
    name_prefix: details.namePrefix ?? null,
    name_suffix: details.nameSuffix ?? null,
    orcid_id: details.orcidId ?? null,
    phones: details.phones ?? null,
    country: details.country ?? null,
    nationality: details.nationality ?? null,
    home_organization: details.homeOrganization ?? null,
    origination_affiliation: details.originationAffiliation ?? null,
    state: details.state ?? ('ACTIVE' as const),
    comments: details.comments ?? null,
    labeled_uri: details.labeledURI ?? null,
    gpg_key: details.gpgKey ?? null,
    time_zone: details.timeZone ?? null,
    valid_until_ms: String(details.validUntil ?? 0),
  };
}

/** What the API and the wire call the same. */
function commonFields(row: UserRow) {
  return {
    userId: row.user_id,
    gatewayId: row.gateway_id,
    firstName: row.first_name,
    lastName: row.last_name,
    emails: row.emails,
    state: row.state,
    ...(row.middle_name !== null && { middleName: row.middle_name }),
    ...(row.name_prefix !== null && { namePrefix: row.name_prefix }),
    ...(row.name_suffix !== null && { nameSuffix: row.name_suffix }),
    ...(row.orcid_id !== null && { orcidId: row.orcid_id }),
    ...(row.phones !== null && { phones: row.phones }),
    ...(row.country !== null && { country: row.country }),
    ...(row.nationality !== null && { nationality: row.nationality }),
    ...(row.home_organization !== null && { homeOrganization: row.home_organization }),
    ...(row.origination_affiliation !== null && { originationAffiliation: row.origination_affiliation }),
    ...(row.comments !== null && { comments: row.comments }),
    ...(row.labeled_uri !== null && { labeledURI: row.labeled_uri }),
    ...(row.gpg_key !== null && { gpgKey: row.gpg_key }),
    ...(row.time_zone !== null && { timeZone: row.time_zone }),
  };
}

/** The user as it is published. */
export function userProfileOf(row: UserRow): UserProfile {
  return {
    ...commonFields(row),
    airavataInternalUserId: `${row.user_id}@${row.gateway_id}`,
    creationTime: BigInt(row.created_ms),
    lastAccessTime: BigInt(row.last_access_ms),
    validUntil: BigInt(row.valid_until_ms),
  };
}

/** The user as the API answers it. */
export function userDtoOf(row: UserRow): UserDto {
  return {
    ...commonFields(row),
    creationTime: Number(row.created_ms),
    lastAccessTime: Number(row.last_access_ms),
    validUntil: Number(row.valid_until_ms),
  };
}
