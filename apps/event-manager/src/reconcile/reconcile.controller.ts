import { answer } from '@dbem/http';
import { Body, Controller, Get, HttpCode, HttpStatus, Param, Post, Req } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBearerAuth,
  ApiConflictResponse,
  ApiExtraModels,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { Request } from 'express';
import { PostRunDto, RunOptionsDto } from './reconcile.dto';
import { ReconcileService } from './reconcile.service';
import { RunDto, RunListDto, toRunDto } from './run.dto';

/** Reconcile runs (backfill, audit, repair): those under way and the last 200. */
@ApiTags('reconcile')
@ApiBearerAuth()
@ApiExtraModels(RunOptionsDto)
@Controller('admin/v1/reconcile')
export class ReconcileController {
  constructor(private readonly reconcile: ReconcileService) {}

  @ApiOperation({ summary: 'List runs of backfill, audit and repair', description: 'Newest first.' })
  @Get()
  @ApiOkResponse(answer(RunListDto))
  async list(): Promise<RunListDto> {
    return { items: (await this.reconcile.list()).map(toRunDto) };
  }

  @ApiOperation({
    summary: 'Start a backfill, an audit or a repair',
    description: 'Returns at once; read the run to follow its progress.',
  })
  @Post()
  @HttpCode(HttpStatus.ACCEPTED)
  @ApiAcceptedResponse(answer(RunDto))
  @ApiConflictResponse({ description: 'A run of the same publisher, subscriber and entity type is under way.' })
  async start(
    @Body() { publisher, subscriber, entityType, kind, ...options }: PostRunDto,
    @Req() request: Request,
  ): Promise<RunDto> {
    const requestedBy = request.principal?.name ?? 'somebody';
    return toRunDto(await this.reconcile.request({ publisher, subscriber, entityType, kind, options, requestedBy }));
  }

  @ApiOperation({ summary: 'Show a run' })
  @Get(':id')
  @ApiOkResponse(answer(RunDto))
  @ApiNotFoundResponse()
  async get(@Param('id') id: string): Promise<RunDto> {
    return toRunDto(await this.reconcile.get(id));
  }

  @ApiOperation({ summary: 'Pause a run', description: 'The run stops at its next step and keeps its progress.' })
  @Post(':id/pause')
  @HttpCode(HttpStatus.OK)
  @ApiOkResponse(answer(RunDto))
  @ApiConflictResponse({ description: 'The run is over.' })
  async pause(@Param('id') id: string): Promise<RunDto> {
    return toRunDto(await this.reconcile.pause(id));
  }

  @ApiOperation({ summary: 'Resume a run', description: 'The run continues from where it was paused.' })
  @Post(':id/resume')
  @HttpCode(HttpStatus.OK)
  @ApiOkResponse(answer(RunDto))
  @ApiConflictResponse({ description: 'The run is over.' })
  async resume(@Param('id') id: string): Promise<RunDto> {
    return toRunDto(await this.reconcile.resume(id));
  }

  @ApiOperation({ summary: 'Cancel a run', description: 'The run ends at its next step. Entities already sent stay.' })
  @Post(':id/cancel')
  @HttpCode(HttpStatus.OK)
  @ApiOkResponse(answer(RunDto))
  @ApiConflictResponse({ description: 'The run is over.' })
  async cancel(@Param('id') id: string): Promise<RunDto> {
    return toRunDto(await this.reconcile.cancel(id));
  }
}
