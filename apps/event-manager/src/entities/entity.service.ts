import { DbEventError, type EntityKey } from '@dbem/db-event';
import { SubscriptionRegistry } from '@dbem/subscription-registry';
import { RpcClient, type RpcRole } from '@dbem/transport';
import { Injectable } from '@nestjs/common';
import { ParkedService } from '../parked/parked.service';
import {
  type Answer,
  type EntityReport,
  type HeldListing,
  type ReplicatedEntity,
  type ServiceReport,
  type SourceEntity,
  standingOf,
} from './entity-report';

const ASK_TIMEOUT_MS = 5_000;
/** Of one entity in one service. */
const MAX_PARKED = 20;

/** Asks publisher and subscribers where an entity stands, and services what they hold. */
@Injectable()
export class EntityService {
  constructor(
    private readonly rpc: RpcClient,
    private readonly registry: SubscriptionRegistry,
    private readonly parked: ParkedService,
  ) {}

  /** All are asked at once; who does not answer is reported as such. */
  async report(key: EntityKey): Promise<EntityReport> {
    const { publisher, entityType, entityId } = key;
    const params = { entityType, entityId };
    const subscribers = this.registry.map.subscribersOf(publisher, entityType);
    const [source, ...found] = await Promise.all([
      this.ask<SourceEntity>(publisher, 'publisher', 'publisher.entity', params),
      ...subscribers.map((service) => this.find(service, key)),
    ]);
    return {
      source,
      services: found.map(({ service, answer, parked }) => ({
        service,
        answer,
        parked,
        standing: standingOf(source, answer, parked),
      })),
    };
  }

  /** What a service holds for what it depends on. @throws DbEventError as `RpcClient.call` does */
  held(service: string, limit: number): Promise<{ total: number; items: HeldListing[] }> {
    const request = { method: 'replica.held', params: { limit } };
    return this.rpc.call(service, 'replica', request, { timeoutMs: ASK_TIMEOUT_MS });
  }

  private async find(service: string, key: EntityKey): Promise<Omit<ServiceReport, 'standing'>> {
    const [answer, { items: parked }] = await Promise.all([
      this.ask<ReplicatedEntity>(service, 'replica', 'replica.entity', { ...key }),
      this.parked.list(service, key, MAX_PARKED),
    ]);
    return { service, answer, parked };
  }

  private async ask<Result>(service: string, role: RpcRole, method: string, params: object): Promise<Answer<Result>> {
    try {
      return { result: await this.rpc.call<Result>(service, role, { method, params }, { timeoutMs: ASK_TIMEOUT_MS }) };
    } catch (error) {
      if (error instanceof DbEventError) return { reason: `${error.code}: ${error.message}` };
      throw error;
    }
  }
}
