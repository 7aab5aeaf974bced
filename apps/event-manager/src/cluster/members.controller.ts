import { answer, answerPageOf, type Page, PageQuery, pageOfSorted } from '@dbem/http';
import { SubscriptionRegistry } from '@dbem/subscription-registry';
import { Controller, Get, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { MemberDto, toMemberDto } from './member.dto';

@ApiTags('members')
@ApiBearerAuth()
@Controller('admin/v1/members')
export class MembersController {
  constructor(private readonly registry: SubscriptionRegistry) {}

  @ApiOperation({ summary: 'List live event managers', description: 'The event managers registered in ZooKeeper.' })
  @Get()
  @ApiOkResponse(answer(answerPageOf(MemberDto)))
  async list(@Query() query: PageQuery): Promise<Page<MemberDto>> {
    return pageOfSorted(await this.registry.members(), query, ({ id }) => [id], toMemberDto);
  }
}
