import { DbEventError, isEntityType, type Lifecycle } from '@dbem/db-event';
import { Log, PeriodicTask } from '@dbem/runtime';
import { SubscriptionRegistry } from '@dbem/subscription-registry';
import { type PublishedSchema, PublisherMethods, RequestClient } from '@dbem/transport';
import { Injectable } from '@nestjs/common';
import type { SchemaKey } from './registered-schema';
import { SchemaStore } from './schema-store';

const COLLECT_INTERVAL_MS = 10 * 60_000;
const FIRST_COLLECT_AFTER_MS = 10_000;
const REQUEST_TIMEOUT_MS = 5_000;
/** More than the number of entity types: schemas beyond it can't belong to any. */
const MAX_SCHEMAS = 16;
const MAX_BYTES = 64 * 1024;

/**
 * Periodically requests the schemas of every publisher in the map and registers them. So a version stays on record
 * for later contract checks, even if its publisher is down or already runs the next version by then.
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

  /** Never rejects: a publisher that does not respond is asked again in the next round. */
  async collectFrom(publisher: string): Promise<void> {
    try {
      const options = { timeoutMs: REQUEST_TIMEOUT_MS };
      const schemas = await this.requests.ask(publisher, PublisherMethods.schemas, {}, options);
      await this.register(publisher, schemas.slice(0, MAX_SCHEMAS));
    } catch (error) {
      if (!(error instanceof DbEventError)) throw error;
      this.log.debug({ publisher, err: error }, 'could not collect the schemas of a publisher');
    }
  }

  private async register(publisher: string, schemas: readonly PublishedSchema[]): Promise<void> {
    for (const { entityType, struct, idl } of schemas) {
      if (idl.length > MAX_BYTES || !isEntityType(entityType)) continue;
      const key: SchemaKey = { publisher, entityType };
      const candidate = { ...key, struct, idl, registeredAtMs: Date.now(), registeredBy: publisher };
      const { schema, isNew } = await this.store.register(candidate);
      if (isNew) this.log.info({ publisher, entityType, version: schema.version }, 'registered a new schema version');
    }
  }

  private async collect(stopping: AbortSignal): Promise<void> {
    for (const publisher of this.registry.map.publisherNames()) {
      if (!stopping.aborted) await this.collectFrom(publisher);
    }
  }
}
