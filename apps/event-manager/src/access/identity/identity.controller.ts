import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Requires } from '../requires.decorator';
import { Forgeries } from './forgeries';
import { Identities } from './identities';
import { IdentityDto } from './identity.dto';

@ApiTags('identity')
@Requires('viewer')
@Controller('admin/v1/identity')
export class IdentityController {
  constructor(
    private readonly identities: Identities,
    private readonly forgeries: Forgeries,
  ) {}

  @ApiOperation({
    summary: 'Show whether identity is enforced, and who forged',
    description: 'Whether services must prove who they are, and who pretended to be another.',
  })
  @Get()
  @ApiOkResponse({ type: IdentityDto })
  get(): IdentityDto {
    return {
      isEnforced: this.identities.isEnforced,
      forged: this.forgeries.count,
      forgeries: [...this.forgeries.list()],
    };
  }
}
