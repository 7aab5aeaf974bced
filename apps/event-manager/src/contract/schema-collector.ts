import { DbEventError, isEntityType, type Lifecycle } from '@dbem/db-event';
import { Log, PeriodicTask } from '@dbem/runtime';
import { SubscriptionRegistry } from '@dbem/subscription-registry';
import { type PublishedSchema, PublisherMethods, RequestClient } from '@dbem/transport';
import { Injectable } from '@nestjs/common';
import type { SchemaKey } from './registered-schema';
import { SchemaStore } from './schema-store';

const COLLECT_INTERVAL_MS = 10 * 60_000;
const FIRST_COLLECT_AFTER_MS = 10_000;
const ASK_TIMEOUT_MS = 5_000;
/** A service that says more publishes nothing that this system could carry. */
const MAX_SCHEMAS = 16;
const MAX_BYTES = 64 * 1024;

/**
 * Asks every publisher of the map now and then what its entities are made of, and registers it. So a version is on record
 * though its publisher may be down, or of the next version, when somebody asks.
 */
@Injectable()
export class SchemaCollector implements Lifecycle {
  private readonly collecting = new PeriodicTask((stopping) => this.collect(stopping), {
    intervalMs: COLLECT_INTERVAL_MS,
    firstRunAfterMs: FIRST_COLLECT_AFTER_MS,
  });

  constructor(
    private readonly store: SchemaStore,
    private readonly registry: SubscriptionRegistry,
    private readonly requests: RequestClient,
    private readonly log: Log,
  ) {}

  start(): Promise<void> {
    return this.collecting.start();
  }

  stop(): Promise<void> {
    return this.collecting.stop();
  }

  /** Never rejects: a publisher that can't be asked is asked again. */
  async collectFrom(publisher: string): Promise<void> {
    try {
      const options = { timeoutMs: ASK_TIMEOUT_MS };
      const schemas = await this.requests.ask(publisher, PublisherMethods.schemas, {}, options);
      await this.register(publisher, schemas.slice(0, MAX_SCHEMAS));
    } catch (error) {
      if (!(error instanceof DbEventError)) throw error;
      this.log.debug({ publisher, code: error.code, reason: error.message }, 'could not collect a publisher’s schemas');
    }
  }

  private async register(publisher: string, schemas: readonly PublishedSchema[]): Promise<void> {
    for (const { entityType, struct, idl } of schemas) {
      if (idl.length > MAX_BYTES || !isEntityType(entityType)) continue;
      const key: SchemaKey = { publisher, entityType };
      const made = { ...key, struct, idl, registeredAtMs: Date.now(), registeredBy: publisher };
      const { schema, isNew } = await this.store.register(made);
      if (isNew) this.log.info({ publisher, entityType, version: schema.version }, 'registered a publisher’s schema');
    }
  }

  private async collect(stopping: AbortSignal): Promise<void> {
    for (const publisher of this.registry.map.publisherNames()) {
      if (!stopping.aborted) await this.collectFrom(publisher);
    }
  }
}
