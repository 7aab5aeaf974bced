import { randomUUID } from 'node:crypto';
import type { Queryable } from '@dbem/db-event';
import { projectCodec } from '@dbem/entity-codec';
import { cursorOf, type Page, type PageQuery, toPage } from '@dbem/http';
import { ChangePublisher, created, deleted, queryableOf, updated } from '@dbem/outbox';
import { dependenciesOn } from '@dbem/replica';
import { Injectable, NotFoundException } from '@nestjs/common';
import { Kysely } from 'kysely';
import { ownerIdOf, type ProjectRow, type ProjectTables, projectDtoOf, projectOfRow } from './project.columns';
import type { CreateProjectDto, ProjectDetailsDto, ProjectDto } from './project.dto';

/** Projects of a gateway's users, owned by registry. Each write publishes its change in the same transaction. */
@Injectable()
export class ProjectsService {
  constructor(
    private readonly db: Kysely<ProjectTables>,
    private readonly changes: ChangePublisher,
  ) {}

  async list(gatewayId: string, { limit, after }: PageQuery, owner?: string): Promise<Page<ProjectDto>> {
    const [last] = cursorOf(after, 1) ?? [];
    const rows = await this.db
      .selectFrom('project')
      .selectAll()
      .where('gateway_id', '=', gatewayId)
      .$if(owner !== undefined, (query) => query.where('owner', '=', owner as string))
      .$if(last !== undefined, (query) => query.where('project_id', '>', last as string))
      .orderBy('project_id')
      .limit(limit + 1)
      .execute();
    return toPage(rows, limit, (row) => [row.project_id], projectDtoOf);
  }

  async get(gatewayId: string, projectId: string): Promise<ProjectDto> {
    const row = await this.db
      .selectFrom('project')
      .selectAll()
      .where('gateway_id', '=', gatewayId)
      .where('project_id', '=', projectId)
      .executeTakeFirst();
    return projectDtoOf(row ?? unknownProject(gatewayId, projectId));
  }

  async create(gatewayId: string, { owner, name, description }: CreateProjectDto): Promise<ProjectDto> {
    const columns = { owner, name, description: description ?? null, created_ms: String(Date.now()) };
    return this.db.transaction().execute(async (transaction) => {
      const row = await transaction
        .insertInto('project')
        .values({ project_id: randomUUID(), gateway_id: gatewayId, ...columns })
        .returningAll()
        .executeTakeFirstOrThrow();
      await this.publish(created, row, queryableOf(transaction));
      return projectDtoOf(row);
    });
  }

  async replace(gatewayId: string, projectId: string, { name, description }: ProjectDetailsDto): Promise<ProjectDto> {
    return this.db.transaction().execute(async (transaction) => {
      const row = await transaction
        .updateTable('project')
        .set({ name, description: description ?? null })
        .where('gateway_id', '=', gatewayId)
        .where('project_id', '=', projectId)
        .returningAll()
        .executeTakeFirst();
      const present = row ?? unknownProject(gatewayId, projectId);
      await this.publish(updated, present, queryableOf(transaction));
      return projectDtoOf(present);
    });
  }

  async delete(gatewayId: string, projectId: string): Promise<void> {
    await this.db.transaction().execute(async (transaction) => {
      const row = await transaction
        .deleteFrom('project')
        .where('gateway_id', '=', gatewayId)
        .where('project_id', '=', projectId)
        .returningAll()
        .executeTakeFirst();
      const last = row ?? unknownProject(gatewayId, projectId);
      await this.changes.publish(queryableOf(transaction), deleted(projectCodec, projectOfRow(last)));
    });
  }

  /**
   * Each version depends on the owner, if registry has that user, because subscribers may not have an earlier version.
   */
  private async publish(change: typeof created, row: ProjectRow, transaction: Queryable): Promise<void> {
    const dependsOn = await dependenciesOn(transaction, {
      publisher: 'user.profile',
      entityType: 'USER_PROFILE',
      entityIds: [ownerIdOf(row)],
    });
    await this.changes.publish(transaction, change(projectCodec, projectOfRow(row), { dependsOn }));
  }
}

function unknownProject(gatewayId: string, projectId: string): ProjectRow {
  throw new NotFoundException(`There is no project "${projectId}" of "${gatewayId}".`);
}
