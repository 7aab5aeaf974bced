import { randomUUID } from 'node:crypto';
import type { Queryable } from '@dbem/db-event';
import { groupCodec } from '@dbem/entity-codec';
import { cursorOf, type Page, type PageQuery, toPage } from '@dbem/http';
import { ChangePublisher, created, deleted, queryableOf, updated } from '@dbem/outbox';
import { isUniqueViolation } from '@dbem/postgres';
import { dependenciesOn } from '@dbem/replica';
import { ConflictException, Injectable, NotFoundException } from '@nestjs/common';
import { Kysely } from 'kysely';
import { detailColumns, type GroupRow, type GroupTables, groupDtoOf, groupOf } from './group.columns';
import type { GroupDetailsDto, GroupDto } from './group.dto';

/** Groups of a domain's users, owned by sharing. Each write publishes its change in the same transaction. */
@Injectable()
export class GroupsService {
  constructor(
    private readonly db: Kysely<GroupTables>,
    private readonly changes: ChangePublisher,
  ) {}

  async list(domainId: string, { limit, after }: PageQuery): Promise<Page<GroupDto>> {
    const [last] = cursorOf(after, 1) ?? [];
    const rows = await this.db
      .selectFrom('sharing_group')
      .selectAll()
      .where('domain_id', '=', domainId)
      .$if(last !== undefined, (query) => query.where('group_id', '>', last as string))
      .orderBy('group_id')
      .limit(limit + 1)
      .execute();
    return toPage(rows, limit, (row) => [row.group_id], groupDtoOf);
  }

  async get(domainId: string, groupId: string): Promise<GroupDto> {
    const row = await this.db
      .selectFrom('sharing_group')
      .selectAll()
      .where('domain_id', '=', domainId)
      .where('group_id', '=', groupId)
      .executeTakeFirst();
    return groupDtoOf(row ?? unknownGroup(domainId, groupId));
  }

  async create(domainId: string, details: GroupDetailsDto): Promise<GroupDto> {
    return this.rejectingDuplicates(details, () =>
      this.db.transaction().execute(async (transaction) => {
        const row = await transaction
          .insertInto('sharing_group')
          .values({ domain_id: domainId, group_id: randomUUID(), ...detailColumns(details) })
          .returningAll()
          .executeTakeFirstOrThrow();
        await this.publish(created, row, queryableOf(transaction));
        return groupDtoOf(row);
      }),
    );
  }

  async replace(domainId: string, groupId: string, details: GroupDetailsDto): Promise<GroupDto> {
    return this.rejectingDuplicates(details, () =>
      this.db.transaction().execute(async (transaction) => {
        const row = await transaction
          .updateTable('sharing_group')
          .set(detailColumns(details))
          .where('domain_id', '=', domainId)
          .where('group_id', '=', groupId)
          .returningAll()
          .executeTakeFirst();
        const present = row ?? unknownGroup(domainId, groupId);
        await this.publish(updated, present, queryableOf(transaction));
        return groupDtoOf(present);
      }),
    );
  }

  async delete(domainId: string, groupId: string): Promise<void> {
    await this.db.transaction().execute(async (transaction) => {
      const row = await transaction
        .deleteFrom('sharing_group')
        .where('domain_id', '=', domainId)
        .where('group_id', '=', groupId)
        .returningAll()
        .executeTakeFirst();
      const last = row ?? unknownGroup(domainId, groupId);
      await this.changes.publish(queryableOf(transaction), deleted(groupCodec, groupOf(last)));
    });
  }

  /** A group depends on its owner, members and admins, as far as sharing has these users. */
  private async publish(change: typeof created, row: GroupRow, transaction: Queryable): Promise<void> {
    const dependsOn = await dependenciesOn(transaction, {
      publisher: 'user.profile',
      entityType: 'USER_PROFILE',
      entityIds: [row.owner_id, ...row.members, ...row.admins],
    });
    await this.changes.publish(transaction, change(groupCodec, groupOf(row), { dependsOn }));
  }

  private async rejectingDuplicates(details: GroupDetailsDto, write: () => Promise<GroupDto>): Promise<GroupDto> {
    try {
      return await write();
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
      throw new ConflictException(`The group "${details.name}" already exists.`);
    }
  }
}

function unknownGroup(domainId: string, groupId: string): GroupRow {
  throw new NotFoundException(`There is no group "${groupId}" in "${domainId}".`);
}
