import { type Page, PageQuery, pageOf } from '@dbem/http';
import { ReadsYourWrites } from '@dbem/replica';
import { Body, Controller, Delete, Get, HttpCode, HttpStatus, Param, Post, Put, Query } from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiOperation,
  ApiPropertyOptional,
  ApiTags,
} from '@nestjs/swagger';
import { IsOptional, IsString } from 'class-validator';
import { CreateProjectDto, ProjectDetailsDto, ProjectDto } from './project.dto';
import { ProjectsService } from './projects.service';

class ProjectPageQuery extends PageQuery {
  @ApiPropertyOptional({ description: 'Only projects of this user.' })
  @IsOptional()
  @IsString()
  owner?: string;
}

@ApiTags('projects')
@ReadsYourWrites()
@Controller('gateways/:gatewayId/projects')
export class ProjectsController {
  constructor(private readonly projects: ProjectsService) {}

  @ApiOperation({ summary: 'List a gateway’s projects' })
  @Get()
  @ApiOkResponse({ type: pageOf(ProjectDto) })
  list(
    @Param('gatewayId') gatewayId: string,
    @Query() { owner, ...page }: ProjectPageQuery,
  ): Promise<Page<ProjectDto>> {
    return this.projects.list(gatewayId, page, owner);
  }

  @ApiOperation({ summary: 'Create a project' })
  @Post()
  @ApiCreatedResponse({ type: ProjectDto })
  create(@Param('gatewayId') gatewayId: string, @Body() project: CreateProjectDto): Promise<ProjectDto> {
    return this.projects.create(gatewayId, project);
  }

  @ApiOperation({ summary: 'Show a project' })
  @Get(':projectId')
  @ApiOkResponse({ type: ProjectDto })
  @ApiNotFoundResponse()
  get(@Param('gatewayId') gatewayId: string, @Param('projectId') projectId: string): Promise<ProjectDto> {
    return this.projects.get(gatewayId, projectId);
  }

  @ApiOperation({ summary: 'Replace a project', description: 'Replaces the project’s details.' })
  @Put(':projectId')
  @ApiOkResponse({ type: ProjectDto })
  @ApiNotFoundResponse()
  replace(
    @Param('gatewayId') gatewayId: string,
    @Param('projectId') projectId: string,
    @Body() details: ProjectDetailsDto,
  ): Promise<ProjectDto> {
    return this.projects.replace(gatewayId, projectId, details);
  }

  @ApiOperation({ summary: 'Delete a project' })
  @Delete(':projectId')
  @HttpCode(HttpStatus.NO_CONTENT)
  @ApiNoContentResponse()
  @ApiNotFoundResponse()
  async delete(@Param('gatewayId') gatewayId: string, @Param('projectId') projectId: string): Promise<void> {
    await this.projects.delete(gatewayId, projectId);
  }
}
