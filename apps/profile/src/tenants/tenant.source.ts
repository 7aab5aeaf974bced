import { type Gateway, gatewayCodec } from '@dbem/entity-codec';
import type { ReconcileSource } from '@dbem/outbox';
import { gatewayOf, type TenantRow } from './tenant-row';

/** How tenants are read back for reconcile. */
export const tenantSource: ReconcileSource<Gateway, TenantRow> = {
  codec: gatewayCodec,
  rows: 'SELECT gateway_id COLLATE "C" AS entity_id, * FROM tenant',
  fields: {
    gatewayId: 'gateway_id',
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
    requestCreationTime: 'requested_ms',
  },
  entityOf: gatewayOf,
  ghostOf: (gatewayId) => ({ gatewayId, gatewayApprovalStatus: 'DEACTIVATED' }),
};
