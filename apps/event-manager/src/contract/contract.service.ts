import { checkContract, reachOf, readIdl, type Schema } from '@dbem/contract';
import { DbEventError, serviceNameFault } from '@dbem/db-event';
import type { EntitySchema } from '@dbem/entity-codec';
import { SubscriptionRegistry } from '@dbem/subscription-registry';
import { Injectable } from '@nestjs/common';
import type { ContractCheckResult } from './contract-check-result';
import type { RegisteredSchema, SchemaKey, SchemaVersion } from './registered-schema';
import { SchemaCollector } from './schema-collector';
import { SchemaStore } from './schema-store';

/** Limit for an IDL file together with its includes. */
export const MAX_SCHEMA_BYTES = 64 * 1024;

/** Registers schemas and checks whether a change of one would break subscribers. */
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
      const name = key.publisher.slice(0, 64);
      throw new DbEventError('SERVICE_NAME_INVALID', `"${name}" is not a valid service name: ${fault}`);
    }
    schemaOf({ struct, idl, includes });
    return this.store.register({ ...key, struct, idl, includes, registeredAtMs: Date.now(), registeredBy });
  }

  /**
   * Compares the candidate with the given registered version. Without a version, collects the publisher's schemas
   * first, if it is running, and compares with the newest.
   *
   * @returns undefined if there is no such registered version.
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
      throw new DbEventError(
        'SCHEMA_INVALID',
        `The struct "${candidate.struct.slice(0, 64)}" differs from the registered struct "${struct}"`,
      );
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
    throw new DbEventError('SCHEMA_INVALID', `The IDL has ${bytes} bytes; the limit is ${MAX_SCHEMA_BYTES}`);
  }
  const schema = readIdl({ idl, includes });
  if (!schema.structs.has(struct)) {
    throw new DbEventError('SCHEMA_INVALID', `The IDL has no struct "${struct.slice(0, 64)}"`);
  }
  return schema;
}

/** Only types reachable from the entity's struct are on the wire, so changes of others are compatible. */
function withinReach({ structs, enums }: Schema, struct: string): Schema {
  const reach = reachOf({ structs, enums }, struct);
  return {
    structs: new Map([...structs].filter(([name]) => reach.has(name))),
    enums: new Map([...enums].filter(([name]) => reach.has(name))),
  };
}
