import type { EntityType } from '@dbem/db-event';
import { comparedFieldSql, valueColumns } from '@dbem/reconcile';
import type { AnyReconcileSource } from './reconcile-source';

/**
 * The versions of existing entities. A row with a tombstone was written without publishing: it counts as unstamped.
 *
 * @param condition on `entity_id`, the same as on the rows that these are joined to: the planner does not push it down,
 *   and would read the versions of all entities.
 */
export function stampsSql(entityType: EntityType, condition: string): string {
  return `
    SELECT entity_id AS stamped_id, version AS source_version FROM db_event.entity_version
    WHERE entity_type = '${entityType}' AND NOT deleted AND ${condition}`;
}

/**
 * The source's entities with their versions (null: not stamped yet) and the compared values. One statement over this
 * relation reads states and versions in one snapshot.
 *
 * @param condition on `entity_id`.
 */
export function sourceRelationSql(
  { codec, rows, fields }: AnyReconcileSource,
  comparedFields: readonly string[],
  condition: string,
): string {
  const columns = valueColumns(comparedFields.length);
  const values = comparedFields.map(
    (field, index) => `, ${comparedFieldSql(field, fields as Record<string, string>)} AS ${columns[index]}`,
  );
  return `
    SELECT entity_id, source_version AS version, true AS is_present${columns.map((column) => `, ${column}`).join('')}
    FROM (SELECT entity_id${values.join('')} FROM (${rows}) AS source WHERE ${condition}) AS entity
    LEFT JOIN (${stampsSql(codec.entityType, condition)}) AS stamp ON stamped_id = entity_id`;
}
