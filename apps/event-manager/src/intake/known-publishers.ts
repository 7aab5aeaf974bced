import { SubscriptionRegistry } from '@dbem/subscription-registry';
import { KnownNames } from '@dbem/telemetry';
import { Injectable } from '@nestjs/common';

/** Metric labels for publishers in the map; all others share the label `other`. */
@Injectable()
export class KnownPublishers extends KnownNames {
  constructor(registry: SubscriptionRegistry) {
    super((name) => registry.map.hasPublisher(name));
  }
}
