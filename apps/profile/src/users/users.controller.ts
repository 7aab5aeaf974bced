import { type Page, PageQuery, pageOf } from '@dbem/http';
import { Body, Controller, Delete, Get, HttpCode, HttpStatus, Param, Post, Put, Query } from '@nestjs/common';
import {
  ApiConflictResponse,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiOperation,
  ApiPropertyOptional,
  ApiTags,
} from '@nestjs/swagger';
import { IsOptional, IsString } from 'class-validator';
import { CreateUserDto, UserDetailsDto, UserDto } from './user.dto';
import { UsersService } from './users.service';

class UserPageQuery extends PageQuery {
  @ApiPropertyOptional({ description: 'Only users of this tenant.' })
  @IsOptional()
  @IsString()
  gatewayId?: string;
}

@ApiTags('users')
@Controller('users')
export class UsersController {
  constructor(private readonly users: UsersService) {}

  @ApiOperation({ summary: 'List users' })
  @Get()
  @ApiOkResponse({ type: pageOf(UserDto) })
  list(@Query() { gatewayId, ...page }: UserPageQuery): Promise<Page<UserDto>> {
    return this.users.list(page, gatewayId);
  }

  @ApiOperation({ summary: 'Create a user' })
  @Post()
  @ApiCreatedResponse({ type: UserDto })
  @ApiConflictResponse()
  create(@Body() user: CreateUserDto): Promise<UserDto> {
    return this.users.create(user);
  }

  @ApiOperation({ summary: 'Show a user' })
  @Get(':gatewayId/:userId')
  @ApiOkResponse({ type: UserDto })
  @ApiNotFoundResponse()
  get(@Param('gatewayId') gatewayId: string, @Param('userId') userId: string): Promise<UserDto> {
    return this.users.get(gatewayId, userId);
  }

  @ApiOperation({ summary: 'Replace a user', description: 'Replaces the user’s details.' })
  @Put(':gatewayId/:userId')
  @ApiOkResponse({ type: UserDto })
  @ApiNotFoundResponse()
  replace(
    @Param('gatewayId') gatewayId: string,
    @Param('userId') userId: string,
    @Body() details: UserDetailsDto,
  ): Promise<UserDto> {
    return this.users.replace(gatewayId, userId, details);
  }

  @ApiOperation({ summary: 'Delete a user' })
  @Delete(':gatewayId/:userId')
  @HttpCode(HttpStatus.NO_CONTENT)
  @ApiNoContentResponse()
  @ApiNotFoundResponse()
  async delete(@Param('gatewayId') gatewayId: string, @Param('userId') userId: string): Promise<void> {
    await this.users.delete(gatewayId, userId);
  }
}
