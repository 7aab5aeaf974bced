import type { HealthIndicators } from '@dbem/runtime';
import { MapRollout, SubscriptionRegistry } from '@dbem/subscription-registry';
import { Broker } from '@dbem/transport';
import { Injectable } from '@nestjs/common';
import { ConsumerRegistrations } from '../intake/topology/consumer-registrations';

/** What this manager's readiness depends on. */
@Injectable()
export class ManagerHealth {
  constructor(
    private readonly broker: Broker,
    private readonly registry: SubscriptionRegistry,
    private readonly rollout: MapRollout,
    private readonly attachments: ConsumerRegistrations,
  ) {}

  readonly indicators: HealthIndicators = {
    broker: () => {
      const { isConnected, ...details } = this.broker.health();
      return { isUp: isConnected, details };
    },
    // Held: other managers may have changed the map unheard, so no events are consumed until it has been read again.
    intake: () => ({ isUp: this.attachments.areComplete, details: { isHeld: !this.rollout.isCurrent } }),
    subscriptionMap: () => {
      const { status: state, ...details } = this.registry.health();
      // Degraded is up: events are routed from memory.
      const expired = this.registry.map.subscriptions().filter(({ expiry }) => expiry !== undefined);
      const names = [...new Set(expired.map(({ subscriber }) => subscriber))];
      return {
        isUp: state === 'ready' || state === 'degraded',
        details: { state, ...details, ...(names.length > 0 && { expired: names }) },
      };
    },
  };
}
