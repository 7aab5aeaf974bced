import { Module } from '@nestjs/common';
import { IdentityModule } from '../identity/identity.module';
import { SubscriptionsModule } from '../subscriptions/subscriptions.module';
import { AccessModule } from './access/access.module';
import { BrokerUsersController } from './broker-users.controller';
import { IdentityController } from './identity.controller';
import { MembersController } from './members.controller';
import { OptionalBrokerManagement } from './optional-broker-management';
import { ServicesController } from './services.controller';
import { SubscriptionsController } from './subscriptions.controller';

@Module({
  imports: [AccessModule, IdentityModule, SubscriptionsModule],
  controllers: [
    SubscriptionsController,
    ServicesController,
    BrokerUsersController,
    MembersController,
    IdentityController,
  ],
  providers: [OptionalBrokerManagement],
})
export class AdminModule {}
