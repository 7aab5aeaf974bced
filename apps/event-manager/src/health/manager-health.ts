import type { HealthIndicators } from '@dbem/runtime';
import { MapAgreement, SubscriptionRegistry } from '@dbem/subscription-registry';
import { Broker } from '@dbem/transport';
import { Injectable } from '@nestjs/common';
import { Attachments } from '../intake/topology/attachments';

/** What this manager's readiness depends on. */
@Injectable()
export class ManagerHealth {
  constructor(
    private readonly broker: Broker,
    private readonly registry: SubscriptionRegistry,
    private readonly agreement: MapAgreement,
    private readonly attachments: Attachments,
  ) {}

  readonly indicators: HealthIndicators = {
    broker: () => {
      const { isConnected, ...details } = this.broker.health();
      return { isUp: isConnected, details };
    },
    // Held: other managers may have changed the map unheard, so no events are consumed until it has been read again.
    intake: () => ({ isUp: this.attachments.areComplete, details: { isHeld: !this.agreement.isCurrent } }),
    subscriptionMap: () => {
      const { status: state, ...details } = this.registry.health();
      // Degraded is up: events are routed from memory.
      const lapsed = this.registry.map.subscriptions().filter(({ lapse }) => lapse !== undefined);
      const names = [...new Set(lapsed.map(({ subscriber }) => subscriber))];
      return {
        isUp: state === 'ready' || state === 'degraded',
        details: { state, ...details, ...(names.length > 0 && { lapsed: names }) },
      };
    },
  };
}
