import { Module } from '@nestjs/common';
import { IdentityModule } from '../identity/identity.module';
import { ParkedModule } from '../parked/parked.module';
import { ReconcileModule } from '../reconcile/reconcile.module';
import { SubscriptionsModule } from '../subscriptions/subscriptions.module';
import { AccessModule } from './access/access.module';
import { BrokerUsersController } from './broker-users.controller';
import { IdentityController } from './identity.controller';
import { MembersController } from './members.controller';
import { OptionalBrokerManagement } from './optional-broker-management';
import { ParkedController } from './parked.controller';
import { ReconcileController } from './reconcile.controller';
import { ReconcileSchedulesController } from './reconcile-schedules.controller';
import { ServicesController } from './services.controller';
import { SubscriptionsController } from './subscriptions.controller';

@Module({
  imports: [ReconcileModule, AccessModule, IdentityModule, ParkedModule, SubscriptionsModule],
  controllers: [
    SubscriptionsController,
    ReconcileController,
    ReconcileSchedulesController,
    ServicesController,
    ParkedController,
    BrokerUsersController,
    MembersController,
    IdentityController,
  ],
  providers: [OptionalBrokerManagement],
})
export class AdminModule {}
