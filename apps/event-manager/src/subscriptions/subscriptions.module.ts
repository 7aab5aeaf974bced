import { Module } from '@nestjs/common';
import { IdentityModule } from '../identity/identity.module';
import { SubscriptionService } from './subscription.service';

@Module({ imports: [IdentityModule], providers: [SubscriptionService], exports: [SubscriptionService] })
export class SubscriptionsModule {}
