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
    // Newer versions come first, so their rank counts down from a number that no version reaches.
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
    if (found === undefined) {
      const { publisher, entityType } = key;
      throw new NotFoundException(
        `No version ${version} of ${entityType} is registered for "${publisher.slice(0, 64)}".`,
      );
    }
    return toRegisteredSchemaDto(found);
  }

  @ApiOperation({
    summary: 'Register a schema',
    description:
      'Adds the schema as the newest version, unless the newest is identical. Publishers that use this project’s libraries need not register: the event manager collects their schemas.',
  })
  @Put(':publisher/:entityType')
  @ApiOkResponse(answer(RegisteredSchemaDto, 'The newest version is identical.'))
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
