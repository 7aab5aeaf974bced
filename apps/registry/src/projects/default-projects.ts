import { randomUUID } from 'node:crypto';
import { type Queryable, rowsOf } from '@dbem/db-event';
import { projectCodec, type UserProfile } from '@dbem/entity-codec';
import { ChangePublisher, created } from '@dbem/outbox';
import { dependencyOn, type ReplicaChange } from '@dbem/replica';
import { Injectable } from '@nestjs/common';
import { ownerIdOf, type ProjectRow, projectOfRow } from './project.columns';

const DEFAULT_PROJECT_NAME = 'Default Project';

/** Creates and publishes a default project for users that have no project. */
@Injectable()
export class DefaultProjects {
  constructor(private readonly changes: ChangePublisher) {}

  /**
   * Runs in `transaction`, so the projects are committed together with the users' rows. A project depends on its owner.
   */
  async create(newUsers: readonly ReplicaChange<UserProfile>[], transaction: Queryable): Promise<void> {
    if (newUsers.length === 0) return;
    const users = newUsers.map(({ entity }) => entity);
    const ownersById = new Map(newUsers.map((change) => [change.entityId, dependencyOn(change)]));
    const inserted = await transaction.query(
      `INSERT INTO project (project_id, gateway_id, owner, name, created_ms)
       SELECT project_id, gateway_id, owner, $4, $5
       FROM unnest($1::text[], $2::text[], $3::text[]) AS fresh (project_id, gateway_id, owner)
       WHERE NOT EXISTS (SELECT FROM project WHERE (project.gateway_id, project.owner) = (fresh.gateway_id, fresh.owner))
       RETURNING project.*`,
      [
        users.map(() => randomUUID()),
        users.map(({ gatewayId }) => gatewayId),
        users.map(({ userId }) => userId),
        DEFAULT_PROJECT_NAME,
        Date.now(),
      ],
    );
    const changes = rowsOf<ProjectRow>(inserted).map((row) => {
      const owner = ownersById.get(ownerIdOf(row));
      return created(projectCodec, projectOfRow(row), owner === undefined ? {} : { dependsOn: [owner] });
    });
    await this.changes.publishAll(transaction, changes);
  }
}
