import type { Gateway } from '@dbem/entity-codec';
import { fieldsOf, type RowOf, rowOf } from '@dbem/postgres';
import type { TenantDetailsDto, TenantDto } from './tenant.dto';

const ID = { gatewayId: 'gateway_id' } as const;

const DETAILS = {
  gatewayApprovalStatus: 'approval_status',
  gatewayName: 'gateway_name',
  domain: 'domain',
  emailAddress: 'email_address',
  gatewayAcronym: 'acronym',
  gatewayURL: 'url',
  gatewayPublicAbstract: 'public_abstract',
  gatewayAdminFirstName: 'admin_first_name',
  gatewayAdminLastName: 'admin_last_name',
  gatewayAdminEmail: 'admin_email',
  requesterUsername: 'requester_username',
} as const;

const TIME = { requestCreationTime: 'requested_ms' } as const;

/** Columns of a tenant by entity field. Times are ms since 1970. */
export const TENANT_COLUMNS = { ...ID, ...DETAILS, ...TIME } as const;

type Stored = Pick<Gateway, keyof typeof ID | keyof typeof DETAILS> & { readonly requestCreationTime: bigint };

export type TenantRow = RowOf<Stored, typeof TENANT_COLUMNS>;

export interface TenantTables {
  tenant: TenantRow;
}

/** The columns that a PUT replaces. */
export function detailColumns({ gatewayApprovalStatus = 'ACTIVE', ...details }: TenantDetailsDto) {
  return rowOf(DETAILS, { ...details, gatewayApprovalStatus });
}

/** The published form of the tenant. */
export function gatewayOf(row: TenantRow): Gateway {
  return { ...fieldsOf({ ...ID, ...DETAILS }, row), requestCreationTime: BigInt(row.requested_ms) };
}

/** The API's form of the tenant. */
export function tenantDtoOf(row: TenantRow): TenantDto {
  return { ...fieldsOf({ ...ID, ...DETAILS }, row), requestCreationTime: Number(row.requested_ms) };
}
