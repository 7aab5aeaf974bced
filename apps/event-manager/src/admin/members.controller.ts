import { SubscriptionRegistry } from '@dbem/subscription-registry';
import { Controller, Get } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { MemberDto, MemberListDto } from './dto/member.dto';

@ApiTags('members')
@ApiBearerAuth()
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
