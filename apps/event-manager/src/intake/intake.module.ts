import { RolloutModule, SubscriptionRegistry } from '@dbem/subscription-registry';
import { Module, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { IdentityModule } from '../access/identity/identity.module';
import { ForwardingModule } from '../forwarding/forwarding.module';
import { TopologyModule } from '../topology/topology.module';
import { ArrivalCounter } from './arrival-counter';
import { EventIntake } from './event-intake';
import { Intake } from './intake';
import { IntakeMetrics } from './intake-metrics';
import { IntakeObserver } from './intake-observer.port';
import { KnownPublishers } from './known-publishers';
import { MetricsAndTail } from './metrics-and-tail';
import { Replier } from './replier';

/**
 * Receives and forwards events. Consumes nothing before the subscription map has been read, because an event routed
 * by an empty map would be lost to its subscribers.
 */
@Module({
  imports: [IdentityModule, RolloutModule, ForwardingModule, TopologyModule],
  providers: [
    ArrivalCounter,
    EventIntake,
    Intake,
    IntakeMetrics,
    KnownPublishers,
    Replier,
    { provide: IntakeObserver, useClass: MetricsAndTail },
  ],
  exports: [Replier, TopologyModule],
})
export class IntakeModule implements OnApplicationBootstrap, OnModuleDestroy {
  constructor(
    private readonly events: EventIntake,
    private readonly registry: SubscriptionRegistry,
  ) {}

  onApplicationBootstrap(): void {
    void this.registry.loaded().then(() => this.events.start());
  }

  async onModuleDestroy(): Promise<void> {
    await this.events.stop();
  }
}
