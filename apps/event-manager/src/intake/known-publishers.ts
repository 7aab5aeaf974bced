import { SubscriptionRegistry } from '@dbem/subscription-registry';
import { KnownNames } from '@dbem/telemetry';
import { Injectable } from '@nestjs/common';

/** The publishers that stand in the map; others share the label `other`. */
@Injectable()
export class KnownPublishers extends KnownNames {
  constructor(registry: SubscriptionRegistry) {
    super((name) => registry.map.hasPublisher(name));
  }
}
