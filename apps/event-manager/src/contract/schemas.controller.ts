import { answer, answerPageOf, type Page, pageOfSorted } from '@dbem/http';
import { Body, Controller, Get, HttpStatus, NotFoundException, Param, Put, Query, Req, Res } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiCreatedResponse,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { Request, Response } from 'express';
import {
  PutSchemaDto,
  RegisteredSchemaDto,
  SchemaKeyDto,
  SchemaQueryDto,
  SchemaVersionKeyDto,
  toRegisteredSchemaDto,
} from './contract.dto';
import { ContractService } from './contract.service';
import { SchemaVersion } from './registered-schema';

@ApiTags('contract')
@ApiBearerAuth()
@Controller('admin/v1/schemas')
export class SchemasController {
  constructor(private readonly contract: ContractService) {}

  @ApiOperation({ summary: 'List registered schemas', description: 'By publisher and entity type, the newest first.' })
  @Get()
  @ApiOkResponse(answer(answerPageOf(SchemaVersion)))
  async list(@Query() { publisher, ...page }: SchemaQueryDto): Promise<Page<SchemaVersion>> {
    const versions = (await this.contract.versions()).filter(
      (one) => publisher === undefined || one.publisher === publisher,
    );
    // Later versions come first: they count down from a number that none reaches.
    const rank = (version: number) => String(1e9 - version).padStart(10, '0');
    return pageOfSorted(
      versions,
      page,
      (one) => [one.publisher, one.entityType, rank(one.version)],
      (one) => one,
    );
  }

  @ApiOperation({ summary: 'Show a registered schema' })
  @Get(':publisher/:entityType/:version')
  @ApiOkResponse(answer(RegisteredSchemaDto))
  @ApiNotFoundResponse()
  async get(@Param() { version, ...key }: SchemaVersionKeyDto): Promise<RegisteredSchemaDto> {
    const found = await this.contract.find(key, version);
    if (found === undefined) throw new NotFoundException('There is no such schema.');
    return toRegisteredSchemaDto(found);
  }

  @ApiOperation({
    summary: 'Register a schema',
    description:
      'As the newest version, unless the newest says the same. Publishers of this project need not: they are asked for theirs.',
  })
  @Put(':publisher/:entityType')
  @ApiOkResponse(answer(RegisteredSchemaDto, 'It is what the newest version says already.'))
  @ApiCreatedResponse(answer(RegisteredSchemaDto))
  async put(
    @Param() key: SchemaKeyDto,
    @Body() body: PutSchemaDto,
    @Req() { principal }: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<RegisteredSchemaDto> {
    const { schema, isNew } = await this.contract.register(key, body, principal?.name ?? 'nobody');
    response.status(isNew ? HttpStatus.CREATED : HttpStatus.OK);
    return toRegisteredSchemaDto(schema);
  }
}
