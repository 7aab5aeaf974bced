import { answer } from '@dbem/http';
import { Body, Controller, HttpCode, HttpStatus, NotFoundException, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ReadOnly } from '../access/read-only.decorator';
import { ContractCheckDto } from './contract.dto';
import { ContractService } from './contract.service';
import { ContractCheckResult } from './contract-check-result';

@ApiTags('contract')
@ApiBearerAuth()
@Controller('admin/v1/contract-checks')
export class ContractChecksController {
  constructor(private readonly contract: ContractService) {}

  @ApiOperation({
    summary: 'Check a schema against the registered one',
    description:
      'Whether an entity may be published with this IDL, and which subscribers of its entity type that would break. Changes ' +
      'nothing.',
  })
  @ReadOnly()
  @Post()
  @HttpCode(HttpStatus.OK)
  @ApiOkResponse(answer(ContractCheckResult))
  @ApiNotFoundResponse({ description: 'No schema is registered for this publisher and entity type.' })
  async check(
    @Body() { publisher, entityType, against, ...candidate }: ContractCheckDto,
  ): Promise<ContractCheckResult> {
    const result = await this.contract.check({ publisher, entityType }, candidate, against);
    if (result === undefined) {
      throw new NotFoundException(`No schema of ${entityType} is registered for "${publisher.slice(0, 64)}".`);
    }
    return result;
  }
}
