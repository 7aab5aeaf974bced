import { Module } from '@nestjs/common';
import { IdentityModule } from '../identity/identity.module';
import { MapModule } from '../map/map.module';
import { SubscriptionService } from './subscription.service';

@Module({ imports: [IdentityModule, MapModule], providers: [SubscriptionService], exports: [SubscriptionService] })
export class SubscriptionsModule {}
