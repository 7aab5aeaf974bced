import type { Queryable } from '@dbem/db-event';
import { type UserProfile, userProfileCodec } from '@dbem/entity-codec';
import { OnDeleteMany, OnUpsertMany, type ReplicaChange, Replicates } from '@dbem/replica';
import { Injectable } from '@nestjs/common';

/** A user becomes a sharing user of the domain that is its gateway. */
@Injectable()
@Replicates({
  publisher: 'user.profile',
  codec: userProfileCodec,
  backfill: true,
  projection: {
    rows: 'SELECT user_id COLLATE "C" AS entity_id, * FROM sharing_user',
    fields: { gatewayId: 'domain_id', firstName: 'first_name', lastName: 'last_name', 'emails.0': 'email' },
  },
})
export class UserReplica {
  @OnUpsertMany()
  async upsert(changes: readonly ReplicaChange<UserProfile>[], transaction: Queryable): Promise<void> {
    const users = changes.map(({ entity }) => entity);
    await transaction.query(
      `INSERT INTO sharing_user (domain_id, user_id, first_name, last_name, email)
       SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[])
       ON CONFLICT (domain_id, user_id) DO UPDATE
       SET first_name = excluded.first_name, last_name = excluded.last_name, email = excluded.email`,
      [
        users.map(({ gatewayId }) => gatewayId),
        changes.map(({ entityId }) => entityId),
        users.map(({ firstName }) => firstName),
        users.map(({ lastName }) => lastName),
        users.map(({ emails }) => emails[0] ?? null),
      ],
    );
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
