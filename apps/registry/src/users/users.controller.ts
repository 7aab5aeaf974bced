import { cursorOf, type Page, PageQuery, pageOf, toPage } from '@dbem/http';
import { ReadsYourWrites } from '@dbem/replica';
import { Controller, Get, NotFoundException, Param, Query } from '@nestjs/common';
import { ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Kysely, type Selectable } from 'kysely';
import type { RegistryTables, UserTable } from '../database/registry-tables';
import { UserDto } from './user.dto';

/** Users are replicas of profile's: read only. */
@ApiTags('users')
@ReadsYourWrites()
@Controller('gateways/:gatewayId/users')
export class UsersController {
  constructor(private readonly db: Kysely<RegistryTables>) {}

  @ApiOperation({ summary: 'List a gateway’s users' })
  @Get()
  @ApiOkResponse({ type: pageOf(UserDto) })
  async list(@Param('gatewayId') gatewayId: string, @Query() { limit, after }: PageQuery): Promise<Page<UserDto>> {
    const [last] = cursorOf(after, 1) ?? [];
    const rows = await this.db
      .selectFrom('registry_user')
      .selectAll()
      .where('gateway_id', '=', gatewayId)
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
  async get(@Param('gatewayId') gatewayId: string, @Param('userId') userId: string): Promise<UserDto> {
    const row = await this.db
      .selectFrom('registry_user')
      .selectAll()
      .where('gateway_id', '=', gatewayId)
      .where('user_id', '=', userId)
      .executeTakeFirst();
    if (row === undefined) throw new NotFoundException(`There is no user "${userId}" of "${gatewayId}".`);
    return userDtoOf(row);
  }
}

function userDtoOf({ user_id, gateway_id, first_name, last_name, email }: Selectable<UserTable>): UserDto {
  return {
    id: user_id,
    gatewayId: gateway_id,
    firstName: first_name,
    lastName: last_name,
    ...(email !== null && { email }),
  };
}
