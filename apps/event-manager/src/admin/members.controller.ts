import { SubscriptionRegistry } from '@dbem/subscription-registry';
import { Controller, Get, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { BearerGuard } from './bearer.guard';
import { MemberDto, MemberListDto } from './dto/member.dto';

@ApiTags('members')
@ApiBearerAuth()
@UseGuards(BearerGuard)
@Controller('admin/v1/members')
export class MembersController {
  constructor(private readonly registry: SubscriptionRegistry) {}

  /** The live event managers. */
  @Get()
  @ApiOkResponse({ type: MemberListDto })
  async list(): Promise<MemberListDto> {
    return { items: (await this.registry.members()).map(MemberDto.of) };
  }
}
