import type { EntityType } from '@dbem/db-event';
import { comparedFieldSql, valueColumns } from '@dbem/reconcile';
import type { AnyReconcileSource } from './reconcile-source';

/** The versions of entities that there are. A row beside a tombstone was written without publishing: it counts as unstamped. */
export function stampsSql(entityType: EntityType): string {
  return `
    SELECT entity_id AS stamped_id, version AS source_version FROM db_event.entity_version
    WHERE entity_type = '${entityType}' AND NOT deleted`;
}

/**
 * The source's side of a comparison: its entities with their versions (null: not stamped yet) and the compared values. One
 * statement over it sees states and versions of one snapshot.
 */
export function sourceRelationSql(
  { codec, rows, fields }: AnyReconcileSource,
  comparedFields: readonly string[],
): string {
  const columns = valueColumns(comparedFields.length);
  const values = comparedFields.map(
    (field, index) => `, ${comparedFieldSql(field, fields as Record<string, string>)} AS ${columns[index]}`,
  );
  return `
    SELECT entity_id, source_version AS version, true AS is_present${columns.map((column) => `, ${column}`).join('')}
    FROM (SELECT entity_id${values.join('')} FROM (${rows}) AS source) AS entity
    LEFT JOIN (${stampsSql(codec.entityType)}) AS stamp ON stamped_id = entity_id`;
}
