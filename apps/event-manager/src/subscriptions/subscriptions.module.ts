import { Log } from '@dbem/runtime';
import { RolloutModule, SubscriptionRegistry } from '@dbem/subscription-registry';
import { RequestServers } from '@dbem/transport';
import { Module, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Registry } from 'prom-client';
import { IdentityModule } from '../access/identity/identity.module';
import { AuditModule } from '../audit/audit.module';
import { ForwardingModule } from '../forwarding/forwarding.module';
import { IntakeModule } from '../intake/intake.module';
import { ReconcileModule } from '../reconcile/reconcile.module';
import { addMapGauges } from './map-gauges';
import { SubscriptionRequestServer } from './requests/subscription-request-server';
import { SubscriptionRequestsController } from './requests/subscription-requests.controller';
import { RouteReceipts } from './route-receipts';
import { ServicesController } from './services.controller';
import { SubscriptionService } from './subscription.service';
import { SubscriptionDeliveries } from './subscription-deliveries';
import { SubscriptionRemovals } from './subscription-removals';
import { SubscriptionsController } from './subscriptions.controller';

/** Handles subscription requests by message and over HTTP. Consumes messages once the map has been read. */
@Module({
  imports: [AuditModule, ForwardingModule, IdentityModule, IntakeModule, RolloutModule, ReconcileModule],
  controllers: [SubscriptionsController, ServicesController, SubscriptionRequestsController],
  providers: [
    SubscriptionService,
    SubscriptionDeliveries,
    SubscriptionRemovals,
    SubscriptionRequestServer,
    RouteReceipts,
  ],
})
export class SubscriptionsModule implements OnApplicationBootstrap, OnModuleDestroy {
  constructor(
    private readonly requests: SubscriptionRequestServer,
    private readonly registry: SubscriptionRegistry,
    servers: RequestServers,
    metrics: Registry,
    log: Log,
  ) {
    servers.addStrategy(requests);
    addMapGauges(metrics, registry, log);
  }

  onApplicationBootstrap(): void {
    void this.registry.loaded().then(() => this.requests.start());
  }

  /**
   * Nest closes transport strategies only after the map rollout has stopped, which is too late for requests in
   * progress.
   */
  async onModuleDestroy(): Promise<void> {
    await this.requests.stop();
  }
}
