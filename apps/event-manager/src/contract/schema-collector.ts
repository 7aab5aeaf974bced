import { DbEventError, isEntityType, type Lifecycle } from '@dbem/db-event';
import type { EntitySchema } from '@dbem/entity-codec';
import { Log, pause } from '@dbem/runtime';
import { SubscriptionRegistry } from '@dbem/subscription-registry';
import { RpcClient } from '@dbem/transport';
import { Injectable } from '@nestjs/common';
import type { SchemaKey } from './registered-schema';
import { SchemaStore } from './schema-store';

/** As a service answers `publisher.schemas`. */
interface PublishedSchema extends EntitySchema {
  readonly entityType: string;
}

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
  private readonly stopping = new AbortController();
  private collecting: Promise<void> | undefined;

  constructor(
    private readonly store: SchemaStore,
    private readonly registry: SubscriptionRegistry,
    private readonly rpc: RpcClient,
    private readonly log: Log,
  ) {}

  async start(): Promise<void> {
    this.collecting ??= this.collect();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.collecting;
  }

  /** Never rejects: a publisher that can't be asked is asked again. */
  async collectFrom(publisher: string): Promise<void> {
    try {
      const request = { method: 'publisher.schemas', params: {} };
      const schemas = await this.rpc.call<PublishedSchema[]>(publisher, 'publisher', request, {
        timeoutMs: ASK_TIMEOUT_MS,
      });
      if (Array.isArray(schemas)) await this.register(publisher, schemas.slice(0, MAX_SCHEMAS));
    } catch (error) {
      if (!(error instanceof DbEventError)) throw error;
      this.log.debug({ publisher, code: error.code, reason: error.message }, 'could not collect a publisher’s schemas');
    }
  }

  private async register(publisher: string, schemas: readonly PublishedSchema[]): Promise<void> {
    for (const { entityType, struct, idl } of schemas) {
      const isUsable = typeof idl === 'string' && idl.length <= MAX_BYTES && typeof struct === 'string';
      if (!isUsable || !isEntityType(entityType)) continue;
      const key: SchemaKey = { publisher, entityType };
      const made = { ...key, struct, idl, registeredAtMs: Date.now(), registeredBy: publisher };
      const { schema, isNew } = await this.store.register(made);
      if (isNew) this.log.info({ publisher, entityType, version: schema.version }, 'registered a publisher’s schema');
    }
  }

  private async collect(): Promise<void> {
    await pause(FIRST_COLLECT_AFTER_MS, this.stopping.signal);
    while (!this.stopping.signal.aborted) {
      for (const publisher of this.registry.map.publisherNames()) {
        if (!this.stopping.signal.aborted) await this.collectFrom(publisher);
      }
      await pause(COLLECT_INTERVAL_MS, this.stopping.signal);
    }
  }
}
