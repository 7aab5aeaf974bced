import type { Gateway } from '@dbem/entity-codec';
import { fieldsOf, type RowOf, rowOf } from '@dbem/postgres';
import type { GatewayDto } from './gateway.dto';

/** What registry keeps of a tenant, beside its id. */
export const GATEWAY_COLUMNS = {
  'gatewayName ?? gatewayId': 'name',
  domain: 'domain',
  emailAddress: 'email_address',
  gatewayApprovalStatus: 'approval_status',
} as const;

interface Kept extends Pick<Gateway, 'domain' | 'emailAddress' | 'gatewayApprovalStatus'> {
  readonly 'gatewayName ?? gatewayId': string;
}

export interface GatewayRow extends RowOf<Kept, typeof GATEWAY_COLUMNS> {
  gateway_id: string;
}

export interface GatewayTables {
  gateway: GatewayRow;
}

export function gatewayRowOf(tenant: Gateway): GatewayRow {
  const name = tenant.gatewayName ?? tenant.gatewayId;
  return { gateway_id: tenant.gatewayId, ...rowOf(GATEWAY_COLUMNS, { ...tenant, 'gatewayName ?? gatewayId': name }) };
}

/** The gateway as the API answers it. */
export function gatewayDtoOf(row: GatewayRow): GatewayDto {
  const { 'gatewayName ?? gatewayId': name, gatewayApprovalStatus, ...fields } = fieldsOf(GATEWAY_COLUMNS, row);
  return { id: row.gateway_id, name, approvalStatus: gatewayApprovalStatus, ...fields };
}
