import type { Queryable } from '@dbem/db-event';
import { type Gateway, gatewayCodec } from '@dbem/entity-codec';
import { upsertRows } from '@dbem/postgres';
import { OnDeleteMany, OnUpsertMany, type ReplicaChange, Replicates } from '@dbem/replica';
import { Injectable } from '@nestjs/common';
import { GATEWAY_COLUMNS, gatewayRowOf } from './gateway.columns';

/** Replicates a tenant to a row in `gateway`. */
@Injectable()
@Replicates({
  publisher: 'user.profile',
  codec: gatewayCodec,
  backfill: true,
  projection: { rows: 'SELECT gateway_id COLLATE "C" AS entity_id, * FROM gateway', fields: GATEWAY_COLUMNS },
})
export class GatewayReplica {
  @OnUpsertMany()
  async upsert(changes: readonly ReplicaChange<Gateway>[], transaction: Queryable): Promise<void> {
    const rows = changes.map(({ entity }) => gatewayRowOf(entity));
    await upsertRows(transaction, 'gateway', ['gateway_id'], rows);
  }

  @OnDeleteMany()
  async remove(changes: readonly ReplicaChange<Gateway>[], transaction: Queryable): Promise<void> {
    await transaction.query('DELETE FROM gateway WHERE gateway_id = ANY($1::text[])', [
      changes.map(({ entity }) => entity.gatewayId),
    ]);
  }
}
