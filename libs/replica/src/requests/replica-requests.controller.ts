import { isTransientDatabaseError } from '@dbem/postgres';
import {
  type Forecast,
  type HeldPage,
  HeldQuery,
  type HeldVersion,
  REPLICA_REQUESTS,
  RehearsalQuery,
  ReplicaEntityKey,
  ReplicaMethods,
  type ReplicatedEntity,
  RequestController,
  VersionsQuery,
} from '@dbem/transport';
import { Inject } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { HandlerTable } from '../handlers/handler-table';
import { heldVersions } from '../postgres/held-versions';
import { rehearseEvents } from '../rehearsal/rehearse-events';
import { deliveryOf } from '../rehearsal/rehearsed-delivery';
import { type CompleteReplicationOptions, REPLICATION_OPTIONS } from '../replication-options';
import { heldEvents } from './held-listing';
import { replicatedEntity } from './replicated-entity';

/** What the event manager asks of a holder of replicas about its entities. */
@RequestController(isTransientDatabaseError)
export class ReplicaRequestsController {
  constructor(
    private readonly handlers: HandlerTable,
    @Inject(REPLICATION_OPTIONS) private readonly options: CompleteReplicationOptions,
  ) {}

  @MessagePattern(ReplicaMethods.versions.name, REPLICA_REQUESTS)
  versions(@Payload() { entities }: VersionsQuery): Promise<(HeldVersion | null)[]> {
    return heldVersions(this.options.pool, entities);
  }

  @MessagePattern(ReplicaMethods.entity.name, REPLICA_REQUESTS)
  entity(@Payload() key: ReplicaEntityKey): Promise<ReplicatedEntity> {
    return replicatedEntity(this.options.pool, this.handlers, key);
  }

  @MessagePattern(ReplicaMethods.held.name, REPLICA_REQUESTS)
  held(@Payload() { limit }: HeldQuery): Promise<HeldPage> {
    return heldEvents(this.options.pool, limit);
  }

  @MessagePattern(ReplicaMethods.rehearse.name, REPLICA_REQUESTS)
  rehearse(@Payload() { events }: RehearsalQuery): Promise<Forecast[]> {
    return rehearseEvents(this.options.pool, this.handlers, events.map(deliveryOf));
  }
}
