import type { Queryable } from '@dbem/db-event';
import { type UserProfile, userProfileCodec } from '@dbem/entity-codec';
import { OnDeleteMany, OnUpsertMany, type ReplicaChange, Replicates } from '@dbem/replica';
import { Injectable } from '@nestjs/common';
import { DefaultProjects } from '../projects/default-projects';

/** A user becomes a row of its gateway, and when it is new, it gets a default project. */
@Injectable()
@Replicates({
  publisher: 'user.profile',
  codec: userProfileCodec,
  backfill: true,
  projection: {
    rows: `SELECT (user_id || '@' || gateway_id) COLLATE "C" AS entity_id, * FROM registry_user`,
    fields: {
      userId: 'user_id',
      gatewayId: 'gateway_id',
      firstName: 'first_name',
      lastName: 'last_name',
      'emails.0': 'email',
    },
  },
})
export class UserReplica {
  constructor(private readonly defaultProjects: DefaultProjects) {}

  @OnUpsertMany()
  async upsert(changes: readonly ReplicaChange<UserProfile>[], transaction: Queryable): Promise<void> {
    const users = changes.map(({ entity }) => entity);
    await transaction.query(
      `INSERT INTO registry_user (gateway_id, user_id, first_name, last_name, email)
       SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[])
       ON CONFLICT (gateway_id, user_id) DO UPDATE
       SET first_name = excluded.first_name, last_name = excluded.last_name, email = excluded.email`,
      [
        users.map(({ gatewayId }) => gatewayId),
        users.map(({ userId }) => userId),
        users.map(({ firstName }) => firstName),
        users.map(({ lastName }) => lastName),
        users.map(({ emails }) => emails[0] ?? null),
      ],
    );
    const newUsers = changes.filter(({ isFirst }) => isFirst);
    await this.defaultProjects.create(newUsers, transaction);
  }

  /** The user's projects stay: others may be using them. */
  @OnDeleteMany()
  async remove(changes: readonly ReplicaChange<UserProfile>[], transaction: Queryable): Promise<void> {
    await transaction.query(
      `DELETE FROM registry_user
       WHERE (gateway_id, user_id) IN (SELECT * FROM unnest($1::text[], $2::text[]))`,
      [changes.map(({ entity }) => entity.gatewayId), changes.map(({ entity }) => entity.userId)],
    );
  }
}
