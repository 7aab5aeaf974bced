import { DbEventError, type EntityType, type Subscription } from '@dbem/db-event';
import type { ReplicaHandler } from './replica-handler';

/** A service's handlers by publisher and entity type, and the subscriptions that they need. */
export class HandlerTable {
  private readonly byPublisher = new Map<string, Map<EntityType, ReplicaHandler>>();

  /** @throws DbEventError CONFIGURATION_INVALID if two handlers have the same publisher and entity type. */
  constructor(handlers: readonly ReplicaHandler[]) {
    for (const handler of handlers) {
      const { publisher, codec } = handler;
      const byEntityType = this.byPublisher.get(publisher) ?? new Map<EntityType, ReplicaHandler>();
      if (byEntityType.has(codec.entityType)) {
        throw new DbEventError('CONFIGURATION_INVALID', `Two handlers for ${codec.entityType} of ${publisher}`);
      }
      byEntityType.set(codec.entityType, handler);
      this.byPublisher.set(publisher, byEntityType);
    }
  }

  find(publisher: string, entityType: EntityType): ReplicaHandler | undefined {
    return this.byPublisher.get(publisher)?.get(entityType);
  }

  get publishers(): string[] {
    return [...this.byPublisher.keys()];
  }

  /** The entity types of a publisher whose handlers request a backfill. */
  backfillOf(publisher: string): EntityType[] {
    const handlers = [...(this.byPublisher.get(publisher)?.values() ?? [])];
    return handlers.filter(({ backfill }) => backfill).map(({ codec }) => codec.entityType);
  }

  /** One per publisher, with the entity types that have a handler. */
  subscriptionsOf(subscriber: string): Subscription[] {
    return [...this.byPublisher].map(([publisher, byEntityType]) => ({
      publisher,
      subscriber,
      entityTypes: [...byEntityType.keys()].sort(),
    }));
  }
}
