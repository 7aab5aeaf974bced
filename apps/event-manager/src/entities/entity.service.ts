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

const ASK_TIMEOUT_MS = 5_000;
/** Of one entity in one service. */
const MAX_PARKED = 20;

/** Asks publisher and subscribers where an entity stands, and services what they hold. */
@Injectable()
export class EntityService {
  constructor(
    private readonly requests: RequestClient,
    private readonly registry: SubscriptionRegistry,
    private readonly parked: ParkedService,
  ) {}

  /** The services are asked first, all at once, and then the source; who does not answer is reported as such. */
  async report(key: EntityKey): Promise<EntityReport> {
    const { publisher, entityType, entityId } = key;
    const subscribers = this.registry.map.subscribersOf(publisher, entityType);
    const found = await Promise.all(subscribers.map((service) => this.find(service, key)));
    const [source, ...looks] = await Promise.all([
      this.ask(publisher, PublisherMethods.entity, { entityType, entityId }),
      ...found.map(({ answer }) => this.readSource(key, answer)),
    ]);
    return {
      source,
      services: found.map(({ service, answer, parked }, index) => ({
        service,
        answer,
        parked,
        looks: looks[index],
        state: replicaStateOf({ source, answer, parked, looks: looks[index] }),
      })),
    };
  }

  /** What a service holds for what it depends on. @throws DbEventError as `RequestClient.ask` does */
  deferred(service: string, limit: number): Promise<DeferredEventPage> {
    return this.requests.ask(service, ReplicaMethods.deferredEvents, { limit }, { timeoutMs: ASK_TIMEOUT_MS });
  }

  private async find(service: string, key: EntityKey): Promise<Pick<ServiceReport, 'service' | 'answer' | 'parked'>> {
    const [answer, { items: parked }] = await Promise.all([
      this.ask(service, ReplicaMethods.entity, { ...key }),
      this.parked.list(service, key, MAX_PARKED),
    ]);
    return { service, answer, parked };
  }

  /** Undefined if service or publisher can't show the entity. */
  private async readSource(
    { publisher, entityType, entityId }: EntityKey,
    answer: Answer<ReplicatedEntity>,
  ): Promise<EntityReads | undefined> {
    if ('reason' in answer) return undefined;
    const { fields = [], state: replica } = answer.result;
    if (replica === undefined || replica === null) return undefined;
    const params = { entityType, fields, entityIds: [entityId] };
    const looked = await this.ask(publisher, SourceMethods.readStates, params);
    const source = 'reason' in looked ? undefined : looked.result[0];
    return source && { fields, replica, source };
  }

  private async ask<Params extends object, Result>(
    service: string,
    method: RequestMethod<Params, Result>,
    params: Params,
  ): Promise<Answer<Result>> {
    try {
      return { result: await this.requests.ask(service, method, params, { timeoutMs: ASK_TIMEOUT_MS }) };
    } catch (error) {
      if (error instanceof DbEventError) return { reason: `${error.code}: ${error.message}` };
      throw error;
    }
  }
}
