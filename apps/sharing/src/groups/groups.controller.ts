import { type Page, PageQuery, pageOf } from '@dbem/http';
import { ReadsYourWrites } from '@dbem/replica';
import { Body, Controller, Delete, Get, HttpCode, HttpStatus, Param, Post, Put, Query } from '@nestjs/common';
import {
  ApiConflictResponse,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { GroupDetailsDto, GroupDto } from './group.dto';
import { GroupsService } from './groups.service';

@ApiTags('groups')
@ReadsYourWrites()
@Controller('domains/:domainId/groups')
export class GroupsController {
  constructor(private readonly groups: GroupsService) {}

  @ApiOperation({ summary: 'List a domain’s groups' })
  @Get()
  @ApiOkResponse({ type: pageOf(GroupDto) })
  list(@Param('domainId') domainId: string, @Query() page: PageQuery): Promise<Page<GroupDto>> {
    return this.groups.list(domainId, page);
  }

  @ApiOperation({ summary: 'Create a group' })
  @Post()
  @ApiCreatedResponse({ type: GroupDto })
  @ApiConflictResponse()
  create(@Param('domainId') domainId: string, @Body() details: GroupDetailsDto): Promise<GroupDto> {
    return this.groups.create(domainId, details);
  }

  @ApiOperation({ summary: 'Show a group' })
  @Get(':groupId')
  @ApiOkResponse({ type: GroupDto })
  @ApiNotFoundResponse()
  get(@Param('domainId') domainId: string, @Param('groupId') groupId: string): Promise<GroupDto> {
    return this.groups.get(domainId, groupId);
  }

  @ApiOperation({ summary: 'Replace a group', description: 'Replaces the group’s details.' })
  @Put(':groupId')
  @ApiOkResponse({ type: GroupDto })
  @ApiNotFoundResponse()
  replace(
    @Param('domainId') domainId: string,
    @Param('groupId') groupId: string,
    @Body() details: GroupDetailsDto,
  ): Promise<GroupDto> {
    return this.groups.replace(domainId, groupId, details);
  }

  @ApiOperation({ summary: 'Delete a group' })
  @Delete(':groupId')
  @HttpCode(HttpStatus.NO_CONTENT)
  @ApiNoContentResponse()
  @ApiNotFoundResponse()
  async delete(@Param('domainId') domainId: string, @Param('groupId') groupId: string): Promise<void> {
    await this.groups.delete(domainId, groupId);
  }
}
