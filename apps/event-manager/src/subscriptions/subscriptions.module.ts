import { Module } from '@nestjs/common';
import { OptionalBrokerManagement } from '../admin/optional-broker-management';
import { IdentityModule } from '../identity/identity.module';
import { MapModule } from '../map/map.module';
import { ReconcileModule } from '../reconcile/reconcile.module';
import { RouteReceipts } from './route-receipts';
import { SubscriptionService } from './subscription.service';
import { SubscriptionDeliveries } from './subscription-deliveries';
import { SubscriptionRemovals } from './subscription-removals';

const SERVICES = [SubscriptionService, SubscriptionDeliveries, SubscriptionRemovals, RouteReceipts];

@Module({
  imports: [IdentityModule, MapModule, ReconcileModule],
  providers: [...SERVICES, OptionalBrokerManagement],
  exports: SERVICES,
})
export class SubscriptionsModule {}
