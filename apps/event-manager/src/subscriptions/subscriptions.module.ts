import { Module } from '@nestjs/common';
import { IdentityModule } from '../identity/identity.module';
import { ReconcileModule } from '../reconcile/reconcile.module';
import { SubscriptionService } from './subscription.service';

@Module({
  imports: [ReconcileModule, IdentityModule],
  providers: [SubscriptionService],
  exports: [SubscriptionService],
})
export class SubscriptionsModule {}
