import { isTransientDatabaseError } from '@dbem/postgres';
import {
  type DeferredEventPage,
  DeferredEventQuery,
  DryRunQuery,
  type DryRunResult,
  REPLICA_REQUESTS,
  ReplicaEntityKey,
  ReplicaMethods,
  type ReplicatedEntity,
  type ReplicaVersion,
  RequestController,
  VersionsQuery,
} from '@dbem/transport';
import { Inject } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { deliveryOf } from '../dry-run/dry-run-delivery';
import { dryRunEvents } from '../dry-run/dry-run-events';
import { HandlerTable } from '../handlers/handler-table';
import { replicaVersionsOf } from '../postgres/replica-versions';
import { type CompleteReplicationOptions, REPLICATION_OPTIONS } from '../replication-options';
import { listDeferredEvents } from './deferred-event-summary';
import { replicatedEntity } from './replicated-entity';

/** Serves the event manager's requests about a subscriber's replicated entities. */
@RequestController(isTransientDatabaseError)
export class ReplicaRequestsController {
  constructor(
    private readonly handlers: HandlerTable,
    @Inject(REPLICATION_OPTIONS) private readonly options: CompleteReplicationOptions,
  ) {}

  @MessagePattern(ReplicaMethods.versions.name, REPLICA_REQUESTS)
  versions(@Payload() { entities }: VersionsQuery): Promise<(ReplicaVersion | null)[]> {
    return replicaVersionsOf(this.options.pool, entities);
  }

  @MessagePattern(ReplicaMethods.entity.name, REPLICA_REQUESTS)
  entity(@Payload() key: ReplicaEntityKey): Promise<ReplicatedEntity> {
    return replicatedEntity(this.options.pool, this.handlers, key);
  }

  @MessagePattern(ReplicaMethods.deferredEvents.name, REPLICA_REQUESTS)
  deferredEvents(@Payload() { limit }: DeferredEventQuery): Promise<DeferredEventPage> {
    return listDeferredEvents(this.options.pool, limit);
  }

  @MessagePattern(ReplicaMethods.dryRun.name, REPLICA_REQUESTS)
  dryRun(@Payload() { events }: DryRunQuery): Promise<DryRunResult[]> {
    return dryRunEvents(this.options.pool, this.handlers, events.map(deliveryOf));
  }
}
