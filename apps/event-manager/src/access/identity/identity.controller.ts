import { answer } from '@dbem/http';
import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Requires } from '../requires.decorator';
import { ForgedMessages } from './forged-messages';
import { Identities } from './identities';
import { IdentityReport } from './identity-report';

@ApiTags('identity')
@Requires('viewer')
@Controller('admin/v1/identity')
export class IdentityController {
  constructor(
    private readonly identities: Identities,
    private readonly forgedMessages: ForgedMessages,
  ) {}

  @ApiOperation({
    summary: 'Show whether identity is enforced, and forged messages',
    description:
      'Whether services must prove their identity, and which messages named a service of another broker user.',
  })
  @Get()
  @ApiOkResponse(answer(IdentityReport))
  get(): IdentityReport {
    return {
      isEnforced: this.identities.isEnforced,
      forged: this.forgedMessages.count,
      forgedMessages: this.forgedMessages.list(),
    };
  }
}
