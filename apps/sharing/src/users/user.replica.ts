import type { Queryable } from '@dbem/db-event';
import { type UserProfile, userProfileCodec } from '@dbem/entity-codec';
import { upsertRows } from '@dbem/postgres';
import { OnDeleteMany, OnUpsertMany, type ReplicaChange, Replicates } from '@dbem/replica';
import { Injectable } from '@nestjs/common';
import { USER_COLUMNS, userRowOf } from './user.columns';

/** Replicates a user to a row in `sharing_user`, in the domain of its gateway. */
@Injectable()
@Replicates({
  publisher: 'user.profile',
  codec: userProfileCodec,
  backfill: true,
  projection: { rows: 'SELECT user_id COLLATE "C" AS entity_id, * FROM sharing_user', fields: USER_COLUMNS },
})
export class UserReplica {
  @OnUpsertMany()
  async upsert(changes: readonly ReplicaChange<UserProfile>[], transaction: Queryable): Promise<void> {
    const rows = changes.map(({ entityId, entity }) => userRowOf(entityId, entity));
    await upsertRows(transaction, 'sharing_user', ['domain_id', 'user_id'], rows);
  }

  @OnDeleteMany()
  async remove(changes: readonly ReplicaChange<UserProfile>[], transaction: Queryable): Promise<void> {
    await transaction.query(
      `DELETE FROM sharing_user
       WHERE (domain_id, user_id) IN (SELECT * FROM unnest($1::text[], $2::text[]))`,
      [changes.map(({ entity }) => entity.gatewayId), changes.map(({ entityId }) => entityId)],
    );
  }
}
