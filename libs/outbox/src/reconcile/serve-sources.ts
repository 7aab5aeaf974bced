import { DbEventError, type EntityType } from '@dbem/db-event';
import { type SourceProtocol, serve } from '@dbem/reconcile';
import type { RpcServer } from '@dbem/transport';
import { GhostRemover } from './ghost-remover';
import { PostgresSource } from './postgres-source';
import { ReadSender, type ReadSenderOptions } from './read-sender';
import type { AnyReconcileSource } from './reconcile-source';

/** Most entities in one request, so that none takes long or much memory. */
const MAX_ROWS = 50_000;
const MAX_SENT_ROWS = 2_000;

/** Answers the event manager's requests to a publisher about these sources. */
export function serveSources(
  server: RpcServer,
  sources: readonly AnyReconcileSource[],
  options: ReadSenderOptions,
): void {
  const byType = new Map(sources.map((source) => [source.codec.entityType, source]));
  const find = (entityType: EntityType): AnyReconcileSource => {
    const source = byType.get(entityType);
    if (source === undefined) {
      throw new DbEventError('RECONCILE_UNSUPPORTED', `"${options.service}" declares no source of ${entityType}`);
    }
    return source;
  };
  const reader = (entityType: EntityType) => new PostgresSource(options.pool, find(entityType));
  const sender = (entityType: EntityType) => new ReadSender(find(entityType), options);
  serve<SourceProtocol>(server, {
    'reconcile.source.describe': ({ entityType }) => reader(entityType).describe(),
    'reconcile.source.cut': ({ entityType, fields, range, rows, limit }) =>
      reader(entityType).cut(fields, range, Math.min(rows, MAX_ROWS), Math.min(limit, Math.ceil(MAX_ROWS / rows))),
    'reconcile.source.rows': ({ entityType, fields, range, limit }) =>
      reader(entityType).rows(fields, range, Math.min(limit, MAX_SENT_ROWS)),
    'reconcile.source.look': ({ entityType, fields, entityIds }) => reader(entityType).look(fields, entityIds),
    'reconcile.source.sendRange': ({ entityType, recipient, range, limit }) =>
      sender(entityType).sendRange(recipient, range, Math.min(limit, MAX_SENT_ROWS)),
    'reconcile.source.sendRows': ({ entityType, recipient, rows }) => sender(entityType).sendRows(recipient, rows),
    'reconcile.source.bury': ({ entityType, recipient, fields, ghosts }) =>
      new GhostRemover(find(entityType), options).bury(recipient, fields, ghosts),
  });
}
