import type { Gateway } from '@dbem/entity-codec';
import { fieldsOf, type RowOf, rowOf } from '@dbem/postgres';
import type { GatewayDto } from './gateway.dto';

/** Columns of a tenant's replica by entity field, apart from the id. */
export const GATEWAY_COLUMNS = {
  'gatewayName ?? gatewayId': 'name',
  domain: 'domain',
  emailAddress: 'email_address',
  gatewayApprovalStatus: 'approval_status',
} as const;

interface Stored extends Pick<Gateway, 'domain' | 'emailAddress' | 'gatewayApprovalStatus'> {
  readonly 'gatewayName ?? gatewayId': string;
}

export interface GatewayRow extends RowOf<Stored, typeof GATEWAY_COLUMNS> {
  gateway_id: string;
}

export interface GatewayTables {
  gateway: GatewayRow;
}

export function gatewayRowOf(tenant: Gateway): GatewayRow {
  const name = tenant.gatewayName ?? tenant.gatewayId;
  return { gateway_id: tenant.gatewayId, ...rowOf(GATEWAY_COLUMNS, { ...tenant, 'gatewayName ?? gatewayId': name }) };
}

/** The API's form of the gateway. */
export function gatewayDtoOf(row: GatewayRow): GatewayDto {
  const { 'gatewayName ?? gatewayId': name, gatewayApprovalStatus, ...fields } = fieldsOf(GATEWAY_COLUMNS, row);
  return { id: row.gateway_id, name, approvalStatus: gatewayApprovalStatus, ...fields };
}
