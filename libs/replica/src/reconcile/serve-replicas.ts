import { DbEventError, type EntityType } from '@dbem/db-event';
import { type ReplicaProtocol, serve } from '@dbem/reconcile';
import type { RpcServer } from '@dbem/transport';
import type { Pool } from 'pg';
import type { HandlerTable } from '../handlers/handler-table';
import { PostgresReplica } from './postgres-replica';

/** Most rows in one answer. */
const MAX_ROWS = 2_000;

/** Answers the event manager's requests about the replicas that these handlers write. */
export function serveReplicas(server: RpcServer, handlers: HandlerTable, pool: Pool): void {
  const find = ({ publisher, entityType }: { publisher: string; entityType: EntityType }): PostgresReplica => {
    const handler = handlers.find(publisher, entityType);
    if (handler === undefined) {
      throw new DbEventError('RECONCILE_UNSUPPORTED', `This service handles no ${entityType} of ${publisher}`);
    }
    return new PostgresReplica(pool, publisher, entityType, handler.projection);
  };
  serve<ReplicaProtocol>(server, {
    'reconcile.replica.describe': async (params) => ({ fields: find(params).fields }),
    'reconcile.replica.digest': (params) => find(params).digest(params.fields, params.ranges),
    'reconcile.replica.rows': (params) =>
      find(params).rows(params.fields, params.range, Math.min(params.limit, MAX_ROWS)),
    'reconcile.replica.look': (params) => find(params).look(params.fields, params.entityIds),
  });
}
