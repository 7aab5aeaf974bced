import type { Queryable } from '@dbem/db-event';
import { type UserProfile, userProfileCodec } from '@dbem/entity-codec';
import { upsertRows } from '@dbem/postgres';
import { OnDeleteMany, OnUpsertMany, type ReplicaChange, Replicates } from '@dbem/replica';
import { Injectable } from '@nestjs/common';
import { DefaultProjects } from '../projects/default-projects';
import { USER_COLUMNS, userRowOf } from './user.columns';

/** Replicates a user to a row in `registry_user`, and creates a default project for a new user. */
@Injectable()
@Replicates({
  publisher: 'user.profile',
  codec: userProfileCodec,
  backfill: true,
  projection: {
    rows: `SELECT (user_id || '@' || gateway_id) COLLATE "C" AS entity_id, * FROM registry_user`,
    fields: USER_COLUMNS,
  },
})
export class UserReplica {
  constructor(private readonly defaultProjects: DefaultProjects) {}

  @OnUpsertMany()
  async upsert(changes: readonly ReplicaChange<UserProfile>[], transaction: Queryable): Promise<void> {
    const rows = changes.map(({ entity }) => userRowOf(entity));
    await upsertRows(transaction, 'registry_user', ['gateway_id', 'user_id'], rows);
    const newUsers = changes.filter(({ isFirst }) => isFirst);
    await this.defaultProjects.create(newUsers, transaction);
  }

  /** Keeps the user's projects, because other users may use them. */
  @OnDeleteMany()
  async remove(changes: readonly ReplicaChange<UserProfile>[], transaction: Queryable): Promise<void> {
    await transaction.query(
      `DELETE FROM registry_user
       WHERE (gateway_id, user_id) IN (SELECT * FROM unnest($1::text[], $2::text[]))`,
      [changes.map(({ entity }) => entity.gatewayId), changes.map(({ entity }) => entity.userId)],
    );
  }
}
