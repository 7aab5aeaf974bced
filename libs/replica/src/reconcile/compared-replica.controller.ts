import { DbEventError } from '@dbem/db-event';
import { isTransientDatabaseError } from '@dbem/postgres';
import {
  ComparedReplicaMethods,
  DigestQuery,
  type RangeDigest,
  REPLICA_REQUESTS,
  type ReadState,
  type ReplicaDescription,
  ReplicaQuery,
  ReplicaRowsQuery,
  ReplicaStatesQuery,
  RequestController,
  type RowDigest,
} from '@dbem/transport';
import { Inject } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { HandlerTable } from '../handlers/handler-table';
import { type CompleteReplicationOptions, REPLICATION_OPTIONS } from '../replication-options';
import { PostgresReplica } from './postgres-replica';

/** Maximum rows per response. */
const MAX_ROWS = 2_000;

/** Serves the requests of a reconcile run to a subscriber. */
@RequestController(isTransientDatabaseError)
export class ComparedReplicaController {
  constructor(
    private readonly handlers: HandlerTable,
    @Inject(REPLICATION_OPTIONS) private readonly options: CompleteReplicationOptions,
  ) {}

  @MessagePattern(ComparedReplicaMethods.describe.name, REPLICA_REQUESTS)
  async describe(@Payload() key: ReplicaQuery): Promise<ReplicaDescription> {
    return { fields: this.find(key).fields };
  }

  @MessagePattern(ComparedReplicaMethods.digest.name, REPLICA_REQUESTS)
  async digest(@Payload() { fields, ranges, ...key }: DigestQuery): Promise<RangeDigest[]> {
    return this.find(key).digest(fields, ranges);
  }

  @MessagePattern(ComparedReplicaMethods.rows.name, REPLICA_REQUESTS)
  async rows(@Payload() { fields, range, limit, ...key }: ReplicaRowsQuery): Promise<RowDigest[]> {
    return this.find(key).rows(fields, range, Math.min(limit, MAX_ROWS));
  }

  @MessagePattern(ComparedReplicaMethods.readStates.name, REPLICA_REQUESTS)
  async readStates(@Payload() { fields, entityIds, ...key }: ReplicaStatesQuery): Promise<ReadState[]> {
    return this.find(key).readStates(fields, entityIds);
  }

  private find({ publisher, entityType }: ReplicaQuery): PostgresReplica {
    const handler = this.handlers.find(publisher, entityType);
    if (handler === undefined) {
      throw new DbEventError('RECONCILE_UNSUPPORTED', `This service has no handler for ${entityType} of ${publisher}`);
    }
    return new PostgresReplica(this.options.pool, publisher, entityType, handler.projection);
  }
}
