import { cursorOf, type Page, type PageQuery, toPage } from '@dbem/http';
import { Injectable } from '@nestjs/common';
import { Kysely } from 'kysely';
import { type UserTables, userDtoOf } from './user.columns';
import type { UserDto } from './user.dto';

@Injectable()
export class UsersRepository {
  constructor(private readonly db: Kysely<UserTables>) {}

  async list(domainId: string, { limit, after }: PageQuery): Promise<Page<UserDto>> {
    const [last] = cursorOf(after, 1) ?? [];
    const rows = await this.db
      .selectFrom('sharing_user')
      .selectAll()
      .where('domain_id', '=', domainId)
      .$if(last !== undefined, (query) => query.where('user_id', '>', last as string))
      .orderBy('user_id')
      .limit(limit + 1)
      .execute();
    return toPage(rows, limit, (row) => [row.user_id], userDtoOf);
  }

  async find(domainId: string, userId: string): Promise<UserDto | undefined> {
    const row = await this.db
      .selectFrom('sharing_user')
      .selectAll()
      .where('domain_id', '=', domainId)
      .where('user_id', '=', userId)
      .executeTakeFirst();
    return row && userDtoOf(row);
  }
}
