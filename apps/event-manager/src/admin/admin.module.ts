import { Module } from '@nestjs/common';
import { ParkedModule } from '../parked/parked.module';
import { SubscriptionsModule } from '../subscriptions/subscriptions.module';
import { AccessModule } from './access/access.module';
import { MembersController } from './members.controller';
import { ParkedController } from './parked.controller';
import { ServicesController } from './services.controller';
import { SubscriptionsController } from './subscriptions.controller';

@Module({
  imports: [AccessModule, SubscriptionsModule, ParkedModule],
  controllers: [SubscriptionsController, ServicesController, MembersController, ParkedController],
})
export class AdminModule {}
