import { answer, answerPageOf, cursorOf, type Page, toPage } from '@dbem/http';
import { BadRequestException, Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Requires } from '../access/requires.decorator';
import { AuditQuery } from './audit.dto';
import { AuditEntry } from './audit-entry';
import { AuditTrail } from './audit-trail';

@ApiTags('audit')
@Requires('viewer')
@Controller('admin/v1/audit')
export class AuditController {
  constructor(private readonly trail: AuditTrail) {}

  @ApiOperation({
    summary: 'List the audit trail',
    description: 'Who changed what, when, from where and with which result, on all managers; newest first.',
  })
  @Get()
  @ApiOkResponse(answer(answerPageOf(AuditEntry)))
  list(@Query() { limit, after, who, action, result }: AuditQuery): Page<AuditEntry> {
    const [before] = cursorOf(after, 1) ?? [];
    if (before !== undefined && !/^\d+$/.test(before)) {
      throw new BadRequestException('Invalid `after`: pass the `next` of the previous page.');
    }
    const placed = this.trail.list(
      limit + 1,
      before === undefined ? undefined : Number(before),
      (entry) =>
        (who === undefined || entry.who.name === who) &&
        (action === undefined || entry.action.includes(action)) &&
        (result === undefined || entry.result === result),
    );
    return toPage(
      placed,
      limit,
      ({ offset }) => [String(offset)],
      ({ entry }) => entry,
    );
  }
}
