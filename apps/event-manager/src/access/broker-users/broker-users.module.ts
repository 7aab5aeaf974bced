import { Module } from '@nestjs/common';
import { BrokerUsersController } from './broker-users.controller';

/** Manages the broker users of services, if the broker's management API is configured. */
@Module({ controllers: [BrokerUsersController] })
export class BrokerUsersModule {}
