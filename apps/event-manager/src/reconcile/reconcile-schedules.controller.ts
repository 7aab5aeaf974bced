import { answer } from '@dbem/http';
import { Body, Controller, Delete, Get, HttpCode, HttpStatus, NotFoundException, Param, Put } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiNoContentResponse,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { ReconcileService } from './reconcile.service';
import { PutScheduleDto, ScheduleKeyDto } from './reconcile-schedule.dto';
import { ScheduleDto, ScheduleListDto, toScheduleDto } from './schedule.dto';

/** Periodic audits and repairs. */
@ApiTags('reconcile')
@ApiBearerAuth()
@Controller('admin/v1/reconcile-schedules')
export class ReconcileSchedulesController {
  constructor(private readonly reconcile: ReconcileService) {}

  @ApiOperation({ summary: 'List schedules of audits and repairs' })
  @Get()
  @ApiOkResponse(answer(ScheduleListDto))
  async list(): Promise<ScheduleListDto> {
    return { items: (await this.reconcile.schedules()).map(toScheduleDto) };
  }

  @ApiOperation({ summary: 'Set a schedule', description: 'Replaces an existing one. The first run starts at once.' })
  @Put(':publisher/:subscriber/:entityType')
  @ApiOkResponse(answer(ScheduleDto))
  async put(@Param() key: ScheduleKeyDto, @Body() body: PutScheduleDto): Promise<ScheduleDto> {
    const { kind, intervalSeconds, ...options } = body;
    const { publisher, subscriber, entityType } = key;
    const intervalMs = intervalSeconds * 1_000;
    const schedule = { publisher, subscriber, entityType, kind, intervalMs, options, lastStartedAtMs: null };
    await this.reconcile.putSchedule(schedule);
    return toScheduleDto(schedule);
  }

  @ApiOperation({ summary: 'Remove a schedule' })
  @Delete(':publisher/:subscriber/:entityType')
  @HttpCode(HttpStatus.NO_CONTENT)
  @ApiNoContentResponse()
  @ApiNotFoundResponse()
  async remove(@Param() { publisher, subscriber, entityType }: ScheduleKeyDto): Promise<void> {
    if (await this.reconcile.removeSchedule({ publisher, subscriber, entityType })) return;
    throw new NotFoundException(`"${subscriber}" has no schedule for ${entityType} of "${publisher}".`);
  }
}
