import type { Gateway } from '@dbem/entity-codec';
import type { Selectable } from 'kysely';
import type { TenantTable } from '../database/profile-tables';
import type { TenantDetailsDto, TenantDto } from './tenant.dto';

export type TenantRow = Selectable<TenantTable>;

/** The columns that a PUT replaces. */
export function detailColumns(details: TenantDetailsDto) {
  return {
    approval_status: details.gatewayApprovalStatus ?? ('ACTIVE' as const),
    gateway_name: details.gatewayName ?? null,
    domain: details.domain ?? null,
    email_address: details.emailAddress ?? null,
    acronym: details.gatewayAcronym ?? null,
    url: details.gatewayURL ?? null,
    public_abstract: details.gatewayPublicAbstract ?? null,
    admin_first_name: details.gatewayAdminFirstName ?? null,
    admin_last_name: details.gatewayAdminLastName ?? null,
    admin_email: details.gatewayAdminEmail ?? null,
    requester_username: details.requesterUsername ?? null,
  };
}

/** What the API and the wire call the same. */
function commonFields(row: TenantRow) {
  return {
    gatewayId: row.gateway_id,
    gatewayApprovalStatus: row.approval_status,
    ...(row.gateway_name !== null && { gatewayName: row.gateway_name }),
    ...(row.domain !== null && { domain: row.domain }),
    ...(row.email_address !== null && { emailAddress: row.email_address }),
    ...(row.acronym !== null && { gatewayAcronym: row.acronym }),
    ...(row.url !== null && { gatewayURL: row.url }),
    ...(row.public_abstract !== null && { gatewayPublicAbstract: row.public_abstract }),
    ...(row.admin_first_name !== null && { gatewayAdminFirstName: row.admin_first_name }),
    ...(row.admin_last_name !== null && { gatewayAdminLastName: row.admin_last_name }),
    ...(row.admin_email !== null && { gatewayAdminEmail: row.admin_email }),
    ...(row.requester_username !== null && { requesterUsername: row.requester_username }),
  };
}

/** The tenant as it is published. */
export function gatewayOf(row: TenantRow): Gateway {
  return { ...commonFields(row), requestCreationTime: BigInt(row.requested_ms) };
}

/** The tenant as the API answers it. */
export function tenantDtoOf(row: TenantRow): TenantDto {
  return { ...commonFields(row), requestCreationTime: Number(row.requested_ms) };
}
