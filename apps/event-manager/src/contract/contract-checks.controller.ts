import { answer } from '@dbem/http';
import { Body, Controller, HttpCode, HttpStatus, NotFoundException, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ChangesNothing } from '../access/changes-nothing.decorator';
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
      'Whether an entity may be published as this IDL says, and which subscribers of such entities that would break. Changes ' +
      'nothing.',
  })
  @ChangesNothing()
  @Post()
  @HttpCode(HttpStatus.OK)
  @ApiOkResponse(answer(ContractCheckResult))
  @ApiNotFoundResponse({ description: 'No schema is registered of such entities.' })
  async check(
    @Body() { publisher, entityType, against, ...candidate }: ContractCheckDto,
  ): Promise<ContractCheckResult> {
    const verdict = await this.contract.check({ publisher, entityType }, candidate, against);
    if (verdict === undefined) {
      throw new NotFoundException(`No schema of ${entityType} is registered of "${publisher.slice(0, 64)}".`);
    }
    return verdict;
  }
}
