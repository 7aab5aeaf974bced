import { DbEventError, serviceNameFault } from '@dbem/db-event';
import { answer } from '@dbem/http';
import { OptionalBrokerManagement, provisionUser, rightsOfService } from '@dbem/transport';
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
    summary: 'Make a service’s broker user',
    description: 'Makes the service’s broker user with the least rights, or sets the rights of the one that is there.',
  })
  @Put()
  @ApiOkResponse(answer(BrokerUserDto, 'It was there; its rights are as they should be now.'))
  @ApiCreatedResponse(answer(BrokerUserDto))
  async put(
    @Param('service') service: string,
    @Body() { rotate, declaresItself }: PutBrokerUserDto,
    @Res({ passthrough: true }) response: Response,
  ): Promise<BrokerUserDto> {
    const rights = rightsOfService(checked(service), { declaresItself: declaresItself ?? false });
    const user = await provisionUser(this.management, service, rights, { rotate: rotate ?? false });
    response.status(user.password === undefined ? HttpStatus.OK : HttpStatus.CREATED);
    return user;
  }

  @ApiOperation({
    summary: 'Remove a service’s broker user',
    description: 'Its connections are closed at once. Its queues stay.',
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
      throw new NotImplementedException('AMQP_MANAGEMENT_URL is not set: use "npm run provision" instead.');
    }
    return management;
  }
}

function checked(service: string): string {
  const fault = serviceNameFault(service);
  if (fault !== undefined) {
    throw new DbEventError('SERVICE_NAME_INVALID', `"${service}" is no service's name: ${fault}`);
  }
  return service;
}
