import { checkContract, reachOf, readIdl, type Schema } from '@dbem/contract';
import { DbEventError, serviceNameFault } from '@dbem/db-event';
import type { EntitySchema } from '@dbem/entity-codec';
import { SubscriptionRegistry } from '@dbem/subscription-registry';
import { Injectable } from '@nestjs/common';
import type { ContractCheckResult } from './contract-check-result';
import type { RegisteredSchema, SchemaKey, SchemaVersion } from './registered-schema';
import { SchemaCollector } from './schema-collector';
import { SchemaStore } from './schema-store';

/** Of an IDL file and those that it includes, together. */
export const MAX_SCHEMA_BYTES = 64 * 1024;

/** Registered schemas, and whether a change of one would break its subscribers. */
@Injectable()
export class ContractService {
  constructor(
    private readonly store: SchemaStore,
    private readonly registry: SubscriptionRegistry,
    private readonly collector: SchemaCollector,
  ) {}

  versions(): Promise<SchemaVersion[]> {
    return this.store.versions();
  }

  find(key: SchemaKey, version?: number): Promise<RegisteredSchema | undefined> {
    return this.store.find(key, version);
  }

  /** @throws DbEventError SERVICE_NAME_INVALID, SCHEMA_INVALID; SCHEMAS_UNAVAILABLE (retryable) */
  async register(key: SchemaKey, { struct, idl, includes }: EntitySchema, registeredBy: string) {
    const fault = serviceNameFault(key.publisher);
    if (fault !== undefined) {
      throw new DbEventError('SERVICE_NAME_INVALID', `"${key.publisher.slice(0, 64)}" is no service's name: ${fault}`);
    }
    schemaOf({ struct, idl, includes });
    return this.store.register({ ...key, struct, idl, includes, registeredAtMs: Date.now(), registeredBy });
  }

  /**
   * Compares with the newest version that is registered, or with the one that is named. The publisher is asked first what it
   * publishes now, if it runs.
   *
   * @returns undefined if nothing is registered.
   * @throws DbEventError SCHEMA_INVALID; SCHEMAS_UNAVAILABLE (retryable)
   */
  async check(key: SchemaKey, candidate: EntitySchema, version?: number): Promise<ContractCheckResult | undefined> {
    const after = schemaOf(candidate);
    if (version === undefined) await this.collector.collectFrom(key.publisher);
    const registered = await this.store.find(key, version);
    if (registered === undefined) return undefined;
    const before = schemaOf(registered);
    const { struct } = registered;
    if (candidate.struct !== struct) {
      throw new DbEventError('SCHEMA_INVALID', `The entity's struct is "${struct}", not "${candidate.struct}"`);
    }
    const subscribers = this.subscribersOf(key);
    const readers = subscribers.map((subscriber) => ({ subscriber, struct }));
    const { changes } = checkContract(withinReach(before, struct), withinReach(after, struct), readers);
    const isCompatible = changes.every((change) => change.isCompatible);
    return { against: registered.version, isCompatible, changes, subscribers };
  }

  private subscribersOf({ publisher, entityType }: SchemaKey): string[] {
    return this.registry.map
      .subscriptionsTo(publisher)
      .filter(({ entityTypes }) => entityTypes?.includes(entityType) ?? true)
      .map(({ subscriber }) => subscriber);
  }
}

function schemaOf({ struct, idl, includes = {} }: EntitySchema): Schema {
  const bytes = [idl, ...Object.values(includes)].reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  if (bytes > MAX_SCHEMA_BYTES) {
    throw new DbEventError('SCHEMA_INVALID', `The IDL has ${bytes} bytes; ${MAX_SCHEMA_BYTES} are the most`);
  }
  const schema = readIdl({ idl, includes });
  if (!schema.structs.has(struct)) {
    throw new DbEventError('SCHEMA_INVALID', `The IDL has no struct "${struct.slice(0, 64)}"`);
  }
  return schema;
}

/** What does not travel with the entity is nobody's business. */
function withinReach({ structs, enums }: Schema, struct: string): Schema {
  const reach = reachOf({ structs, enums }, struct);
  return {
    structs: new Map([...structs].filter(([name]) => reach.has(name))),
    enums: new Map([...enums].filter(([name]) => reach.has(name))),
  };
}
