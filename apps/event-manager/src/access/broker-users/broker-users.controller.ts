import { DbEventError, serviceNameFault } from '@dbem/db-event';
import { answer } from '@dbem/http';
import { OptionalBrokerManagement, permissionsOfService, provisionUser } from '@dbem/transport';
import {
  Body,
  Controller,
  Delete,
  HttpCode,
  HttpStatus,
  NotImplementedException,
  Param,
  Put,
  Res,
} from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { Requires } from '../requires.decorator';
import { BrokerUserDto, PutBrokerUserDto } from './broker-user.dto';

@ApiTags('broker users')
@Requires('admin')
@Controller('admin/v1/services/:service/broker-user')
export class BrokerUsersController {
  constructor(private readonly optional: OptionalBrokerManagement) {}

  @ApiOperation({
    summary: 'Create or update a service’s broker user',
    description: 'Creates the service’s broker user with the least rights, or sets the rights of the existing one.',
  })
  @Put()
  @ApiOkResponse(answer(BrokerUserDto, 'The user existed; its rights have been set.'))
  @ApiCreatedResponse(answer(BrokerUserDto))
  async put(
    @Param('service') service: string,
    @Body() { rotate, declaresItself }: PutBrokerUserDto,
    @Res({ passthrough: true }) response: Response,
  ): Promise<BrokerUserDto> {
    const rights = permissionsOfService(checked(service), { declaresItself: declaresItself ?? false });
    const user = await provisionUser(this.management, service, rights, { rotate: rotate ?? false });
    response.status(user.password === undefined ? HttpStatus.OK : HttpStatus.CREATED);
    return user;
  }

  @ApiOperation({
    summary: 'Remove a service’s broker user',
    description: 'Closes its connections at once. Keeps its queues.',
  })
  @Delete()
  @HttpCode(HttpStatus.NO_CONTENT)
  @ApiNoContentResponse()
  async remove(@Param('service') service: string): Promise<void> {
    await this.management.deleteUser(checked(service));
  }

  private get management() {
    const { management } = this.optional;
    if (management === undefined) {
      throw new NotImplementedException('AMQP_MANAGEMENT_URL is not set: set it, or use "npm run provision" instead.');
    }
    return management;
  }
}

function checked(service: string): string {
  const fault = serviceNameFault(service);
  if (fault !== undefined) {
    throw new DbEventError('SERVICE_NAME_INVALID', `"${service}" is not a valid service name: ${fault}`);
  }
  return service;
}
