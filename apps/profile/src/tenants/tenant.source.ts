import { type Gateway, gatewayCodec } from '@dbem/entity-codec';
import type { ReconcileSource } from '@dbem/outbox';
import { gatewayOf, TENANT_COLUMNS, type TenantRow } from './tenant.columns';

/** Reads tenants for reconcile. */
export const tenantSource: ReconcileSource<Gateway, TenantRow> = {
  codec: gatewayCodec,
  rows: 'SELECT gateway_id COLLATE "C" AS entity_id, * FROM tenant',
  fields: TENANT_COLUMNS,
  entityOf: gatewayOf,
  orphanOf: (gatewayId) => ({ gatewayId, gatewayApprovalStatus: 'DEACTIVATED' }),
};
