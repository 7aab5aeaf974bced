import { MapModule } from '@dbem/subscription-registry';
import { Module } from '@nestjs/common';
import { IdentityModule } from '../access/identity/identity.module';
import { ReconcileModule } from '../reconcile/reconcile.module';
import { RouteReceipts } from './route-receipts';
import { ServicesController } from './services.controller';
import { SubscriptionService } from './subscription.service';
import { SubscriptionDeliveries } from './subscription-deliveries';
import { SubscriptionRemovals } from './subscription-removals';
import { SubscriptionsController } from './subscriptions.controller';

const SERVICES = [SubscriptionService, SubscriptionDeliveries, SubscriptionRemovals, RouteReceipts];

@Module({
  imports: [IdentityModule, MapModule, ReconcileModule],
  controllers: [SubscriptionsController, ServicesController],
  providers: SERVICES,
  exports: SERVICES,
})
export class SubscriptionsModule {}
