import { cursorOf, type Page, PageQuery, pageOf, toPage } from '@dbem/http';
import { ReadsYourWrites } from '@dbem/replica';
import { Controller, Get, NotFoundException, Param, Query } from '@nestjs/common';
import { ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Kysely, type Selectable } from 'kysely';
import type { SharingTables, UserTable } from '../database/sharing-tables';
import { UserDto } from './user.dto';

/** Users are replicas of profile's: read only. */
@ApiTags('users')
@ReadsYourWrites()
@Controller('domains/:domainId/users')
export class UsersController {
  constructor(private readonly db: Kysely<SharingTables>) {}

  @ApiOperation({ summary: 'List a domain’s users' })
  @Get()
  @ApiOkResponse({ type: pageOf(UserDto) })
  async list(@Param('domainId') domainId: string, @Query() { limit, after }: PageQuery): Promise<Page<UserDto>> {
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

  @ApiOperation({ summary: 'Show a user' })
  @Get(':userId')
  @ApiOkResponse({ type: UserDto })
  @ApiNotFoundResponse()
  async get(@Param('domainId') domainId: string, @Param('userId') userId: string): Promise<UserDto> {
    const row = await this.db
      .selectFrom('sharing_user')
      .selectAll()
      .where('domain_id', '=', domainId)
      .where('user_id', '=', userId)
      .executeTakeFirst();
    if (row === undefined) throw new NotFoundException(`There is no user "${userId}" in "${domainId}".`);
    return userDtoOf(row);
  }
}

function userDtoOf({ user_id, domain_id, first_name, last_name, email }: Selectable<UserTable>): UserDto {
  return {
    id: user_id,
    domainId: domain_id,
    firstName: first_name,
    lastName: last_name,
    ...(email !== null && { email }),
  };
}
