import type { HealthIndicators } from '@dbem/runtime';
import { MapRollout, SubscriptionRegistry } from '@dbem/subscription-registry';
import { Broker, brokerState } from '@dbem/transport';
import { Injectable } from '@nestjs/common';
import { ConsumerRegistrations } from '../topology/consumer-registrations';

/** Readiness checks of this manager. */
@Injectable()
export class ManagerHealth {
  constructor(
    private readonly broker: Broker,
    private readonly registry: SubscriptionRegistry,
    private readonly rollout: MapRollout,
    private readonly registrations: ConsumerRegistrations,
  ) {}

  readonly indicators: HealthIndicators = {
    broker: () => brokerState(this.broker),
    // Suspended: this manager may have missed map changes, so it consumes no events until it has read the map again.
    intake: () => ({ isUp: this.registrations.areComplete, details: { isSuspended: !this.rollout.isCurrent } }),
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
