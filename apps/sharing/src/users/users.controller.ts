import { type Page, PageQuery, pageOf } from '@dbem/http';
import { ReadsYourWrites } from '@dbem/replica';
import { Controller, Get, NotFoundException, Param, Query } from '@nestjs/common';
import { ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { UserDto } from './user.dto';
import { UsersRepository } from './users.repository';

/** Users are replicas of profile's users, so they are read-only. */
@ApiTags('users')
@ReadsYourWrites()
@Controller('domains/:domainId/users')
export class UsersController {
  constructor(private readonly users: UsersRepository) {}

  @ApiOperation({ summary: 'List a domain’s users' })
  @Get()
  @ApiOkResponse({ type: pageOf(UserDto) })
  list(@Param('domainId') domainId: string, @Query() page: PageQuery): Promise<Page<UserDto>> {
    return this.users.list(domainId, page);
  }

  @ApiOperation({ summary: 'Show a user' })
  @Get(':userId')
  @ApiOkResponse({ type: UserDto })
  @ApiNotFoundResponse()
  async get(@Param('domainId') domainId: string, @Param('userId') userId: string): Promise<UserDto> {
    const user = await this.users.find(domainId, userId);
    if (user === undefined) throw new NotFoundException(`There is no user "${userId}" in "${domainId}".`);
    return user;
  }
}
