import { DbEventError, type EntityKey } from '@dbem/db-event';
import { SubscriptionRegistry } from '@dbem/subscription-registry';
import {
  type DeferredEventPage,
  PublisherMethods,
  ReplicaMethods,
  type ReplicatedEntity,
  RequestClient,
  type RequestMethod,
  SourceMethods,
} from '@dbem/transport';
import { Injectable } from '@nestjs/common';
import { ParkedService } from '../parked/parked.service';
import type { Answer, EntityReads, EntityReport, ServiceReport } from './entity-report';
import { replicaStateOf } from './replica-state-of';

const REQUEST_TIMEOUT_MS = 5_000;
/** Limit per entity and service. */
const MAX_PARKED = 20;

/** Collects the state of an entity from its publisher and subscribers, and the deferred events of services. */
@Injectable()
export class EntityService {
  constructor(
    private readonly requests: RequestClient,
    private readonly registry: SubscriptionRegistry,
    private readonly parked: ParkedService,
  ) {}

  /** Asks all services concurrently, then the source. A service that does not respond is reported as unreachable. */
  async report(key: EntityKey): Promise<EntityReport> {
    const { publisher, entityType, entityId } = key;
    const subscribers = this.registry.map.subscribersOf(publisher, entityType);
    const found = await Promise.all(subscribers.map((service) => this.find(service, key)));
    const [source, ...reads] = await Promise.all([
      this.ask(publisher, PublisherMethods.entity, { entityType, entityId }),
      ...found.map(({ answer }) => this.readSource(key, answer)),
    ]);
    return {
      source,
      services: found.map(({ service, answer, parked }, index) => ({
        service,
        answer,
        parked,
        reads: reads[index],
        state: replicaStateOf({ source, answer, parked, reads: reads[index] }),
      })),
    };
  }

  /** The events that wait in a service for their dependencies. @throws DbEventError as `RequestClient.ask` does */
  deferred(service: string, limit: number): Promise<DeferredEventPage> {
    return this.requests.ask(service, ReplicaMethods.deferredEvents, { limit }, { timeoutMs: REQUEST_TIMEOUT_MS });
  }

  private async find(service: string, key: EntityKey): Promise<Pick<ServiceReport, 'service' | 'answer' | 'parked'>> {
    const [answer, { items: parked }] = await Promise.all([
      this.ask(service, ReplicaMethods.entity, { ...key }),
      this.parked.list(service, key, MAX_PARKED),
    ]);
    return { service, answer, parked };
  }

  /** Undefined if service or publisher can't read the entity. */
  private async readSource(
    { publisher, entityType, entityId }: EntityKey,
    answer: Answer<ReplicatedEntity>,
  ): Promise<EntityReads | undefined> {
    if ('reason' in answer) return undefined;
    const { fields = [], state: replica } = answer.result;
    if (replica === undefined || replica === null) return undefined;
    const params = { entityType, fields, entityIds: [entityId] };
    const response = await this.ask(publisher, SourceMethods.readStates, params);
    const source = 'reason' in response ? undefined : response.result[0];
    return source && { fields, replica, source };
  }

  private async ask<Params extends object, Result>(
    service: string,
    method: RequestMethod<Params, Result>,
    params: Params,
  ): Promise<Answer<Result>> {
    try {
      return { result: await this.requests.ask(service, method, params, { timeoutMs: REQUEST_TIMEOUT_MS }) };
    } catch (error) {
      if (error instanceof DbEventError) return { reason: `${error.code}: ${error.message}` };
      throw error;
    }
  }
}
