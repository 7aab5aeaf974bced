import { Module } from '@nestjs/common';
import { SubscriptionsModule } from '../subscriptions/subscriptions.module';
import { AccessModule } from './access/access.module';
import { MembersController } from './members.controller';
import { ServicesController } from './services.controller';
import { SubscriptionsController } from './subscriptions.controller';

@Module({
  imports: [AccessModule, SubscriptionsModule],
  controllers: [SubscriptionsController, ServicesController, MembersController],
})
export class AdminModule {}
