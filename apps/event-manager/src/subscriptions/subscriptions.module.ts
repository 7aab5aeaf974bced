import { Log } from '@dbem/runtime';
import { MapModule, SubscriptionRegistry } from '@dbem/subscription-registry';
import { Module, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Registry } from 'prom-client';
import { IdentityModule } from '../access/identity/identity.module';
import { AuditModule } from '../audit/audit.module';
import { IntakeModule } from '../intake/intake.module';
import { ReconcileModule } from '../reconcile/reconcile.module';
import { addMapGauges } from './map-gauges';
import { RouteReceipts } from './route-receipts';
import { ServicesController } from './services.controller';
import { SubscriptionService } from './subscription.service';
import { SubscriptionDeliveries } from './subscription-deliveries';
import { SubscriptionIntake } from './subscription-intake';
import { SubscriptionRemovals } from './subscription-removals';
import { SubscriptionsController } from './subscriptions.controller';

/** Subscriptions, by message and over HTTP. Messages are taken as soon as the map has been read. */
@Module({
  imports: [AuditModule, IdentityModule, IntakeModule, MapModule, ReconcileModule],
  controllers: [SubscriptionsController, ServicesController],
  providers: [SubscriptionService, SubscriptionDeliveries, SubscriptionRemovals, SubscriptionIntake, RouteReceipts],
})
export class SubscriptionsModule implements OnApplicationBootstrap, OnModuleDestroy {
  constructor(
    private readonly requests: SubscriptionIntake,
    private readonly registry: SubscriptionRegistry,
    metrics: Registry,
    log: Log,
  ) {
    addMapGauges(metrics, registry, log);
  }

  onApplicationBootstrap(): void {
    void this.registry.loaded().then(() => this.requests.start());
  }

  async onModuleDestroy(): Promise<void> {
    await this.requests.stop();
  }
}
