import type { Queryable } from '@dbem/db-event';
import { type Gateway, gatewayCodec } from '@dbem/entity-codec';
import { OnDeleteMany, OnUpsertMany, type ReplicaChange, Replicates } from '@dbem/replica';
import { Injectable } from '@nestjs/common';

/** A tenant becomes a gateway row. */
@Injectable()
@Replicates({
  publisher: 'user.profile',
  codec: gatewayCodec,
  backfill: true,
  projection: {
    rows: 'SELECT gateway_id COLLATE "C" AS entity_id, * FROM gateway',
    fields: {
      'gatewayName ?? gatewayId': 'name',
      domain: 'domain',
      emailAddress: 'email_address',
      gatewayApprovalStatus: 'approval_status',
    },
  },
})
export class GatewayReplica {
  @OnUpsertMany()
  async upsert(changes: readonly ReplicaChange<Gateway>[], transaction: Queryable): Promise<void> {
    const tenants = changes.map(({ entity }) => entity);
    await transaction.query(
      `INSERT INTO gateway (gateway_id, name, domain, email_address, approval_status)
       SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[])
       ON CONFLICT (gateway_id) DO UPDATE
       SET name = excluded.name, domain = excluded.domain, email_address = excluded.email_address,
           approval_status = excluded.approval_status`,
      [
        tenants.map(({ gatewayId }) => gatewayId),
        tenants.map(({ gatewayId, gatewayName }) => gatewayName ?? gatewayId),
        tenants.map(({ domain }) => domain ?? null),
        tenants.map(({ emailAddress }) => emailAddress ?? null),
        tenants.map(({ gatewayApprovalStatus }) => gatewayApprovalStatus),
      ],
    );
  }

  @OnDeleteMany()
  async remove(changes: readonly ReplicaChange<Gateway>[], transaction: Queryable): Promise<void> {
    await transaction.query('DELETE FROM gateway WHERE gateway_id = ANY($1::text[])', [
      changes.map(({ entity }) => entity.gatewayId),
    ]);
  }
}
