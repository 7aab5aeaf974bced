import { userProfileCodec } from '@dbem/entity-codec';
import { cursorOf, type Page, type PageQuery, toPage } from '@dbem/http';
import { ChangePublisher, created, deleted, queryableOf, updated } from '@dbem/outbox';
import { isUniqueViolation } from '@dbem/postgres';
import { ConflictException, Injectable, NotFoundException } from '@nestjs/common';
import { Kysely, sql } from 'kysely';
import { detailColumns, type UserRow, type UserTables, userDtoOf, userProfileOf } from './user.columns';
import type { CreateUserDto, UserDetailsDto, UserDto } from './user.dto';

/** Users. Each write publishes its change in the same transaction: row first, then change. */
@Injectable()
export class UsersService {
  constructor(
    private readonly db: Kysely<UserTables>,
    private readonly changes: ChangePublisher,
  ) {}

  async list({ limit, after }: PageQuery, gatewayId?: string): Promise<Page<UserDto>> {
    const cursor = cursorOf(after, 2);
    const rows = await this.db
      .selectFrom('profile_user')
      .selectAll()
      .$if(gatewayId !== undefined, (query) => query.where('gateway_id', '=', gatewayId as string))
      .$if(cursor !== undefined, (query) =>
        query.where(sql<boolean>`(gateway_id, user_id) > (${cursor?.[0]}, ${cursor?.[1]})`),
      )
      .orderBy('gateway_id')
      .orderBy('user_id')
      .limit(limit + 1)
      .execute();
    return toPage(rows, limit, (row) => [row.gateway_id, row.user_id], userDtoOf);
  }

  async get(gatewayId: string, userId: string): Promise<UserDto> {
    const row = await this.db
      .selectFrom('profile_user')
      .selectAll()
      .where('gateway_id', '=', gatewayId)
      .where('user_id', '=', userId)
      .executeTakeFirst();
    return userDtoOf(row ?? unknownUser(gatewayId, userId));
  }

  async create({ userId, gatewayId, ...details }: CreateUserDto): Promise<UserDto> {
    const now = String(Date.now());
    const columns = { user_id: userId, gateway_id: gatewayId, created_ms: now, last_access_ms: now };
    try {
      return await this.db.transaction().execute(async (transaction) => {
        const row = await transaction
          .insertInto('profile_user')
          .values({ ...columns, ...detailColumns(details) })
          .returningAll()
          .executeTakeFirstOrThrow();
        await this.changes.publish(queryableOf(transaction), created(userProfileCodec, userProfileOf(row)));
        return userDtoOf(row);
      });
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
      throw new ConflictException(`The user "${userId}" of "${gatewayId}" already exists.`);
    }
  }

  async replace(gatewayId: string, userId: string, details: UserDetailsDto): Promise<UserDto> {
    return this.db.transaction().execute(async (transaction) => {
      const row = await transaction
        .updateTable('profile_user')
        .set({ ...detailColumns(details), last_access_ms: String(Date.now()) })
        .where('gateway_id', '=', gatewayId)
        .where('user_id', '=', userId)
        .returningAll()
        .executeTakeFirst();
      const present = row ?? unknownUser(gatewayId, userId);
      await this.changes.publish(queryableOf(transaction), updated(userProfileCodec, userProfileOf(present)));
      return userDtoOf(present);
    });
  }

  async delete(gatewayId: string, userId: string): Promise<void> {
    await this.db.transaction().execute(async (transaction) => {
      const row = await transaction
        .deleteFrom('profile_user')
        .where('gateway_id', '=', gatewayId)
        .where('user_id', '=', userId)
        .returningAll()
        .executeTakeFirst();
      const last = row ?? unknownUser(gatewayId, userId);
      await this.changes.publish(queryableOf(transaction), deleted(userProfileCodec, userProfileOf(last)));
    });
  }
}

function unknownUser(gatewayId: string, userId: string): UserRow {
  throw new NotFoundException(`There is no user "${userId}" of "${gatewayId}".`);
}
