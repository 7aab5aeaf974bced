import { randomBytes } from 'node:crypto';
import { Logger, Module } from '@nestjs/common';
import { EVENT_MANAGER_CONFIG, type EventManagerConfig } from '../event-manager.config';
import { SubscriptionsModule } from '../subscriptions/subscriptions.module';
import { ADMIN_TOKEN, BearerGuard } from './bearer.guard';
import { MembersController } from './members.controller';
import { ServicesController } from './services.controller';
import { SubscriptionsController } from './subscriptions.controller';

@Module({
  imports: [SubscriptionsModule],
  controllers: [SubscriptionsController, ServicesController, MembersController],
  providers: [
    BearerGuard,
    {
      provide: ADMIN_TOKEN,
      inject: [EVENT_MANAGER_CONFIG],
      useFactory: (config: EventManagerConfig) => config.ADMIN_TOKEN ?? drawAdminToken(),
    },
  ],
})
export class AdminModule {}

function drawAdminToken(): string {
  const token = randomBytes(24).toString('base64url');
  new Logger('Admin').warn(`ADMIN_TOKEN is not set; the admin token until the next start is ${token}`);
  return token;
}
