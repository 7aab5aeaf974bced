import { DbEventError } from '@dbem/db-event';

/** A path into an entity: `country`, `emails.0`. */
export interface FieldPath {
  readonly field: string;
  readonly steps: readonly string[];
}

const PATH = /^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z0-9_]+)*$/;

/**
 * Parses a compared field: a path, or several paths joined by ` ?? `, of which the first one that the entity has is
 * used (`gatewayName ?? gatewayId`).
 *
 * @throws DbEventError RECONCILE_UNSUPPORTED
 */
function pathsOf(comparedField: string): readonly FieldPath[] {
  return comparedField.split(' ?? ').map((path) => {
    if (!PATH.test(path)) {
      throw new DbEventError(
        'RECONCILE_UNSUPPORTED',
        `"${comparedField}" is not a valid compared field: expected paths like \`name\` or \`emails.0\`, joined by \` ?? \``,
      );
    }
    const [field = '', ...steps] = path.split('.');
    return { field, steps };
  });
}

/**
 * The SQL of a compared field's value at the source, as jsonb.
 *
 * @param fields the entity's fields as SQL expressions.
 * @throws DbEventError RECONCILE_UNSUPPORTED: the source does not declare such a field.
 */
export function comparedFieldSql(comparedField: string, fields: Readonly<Record<string, string>>): string {
  const values = pathsOf(comparedField).map(({ field, steps }) => {
    if (!Object.hasOwn(fields, field)) {
      throw new DbEventError(
        'RECONCILE_UNSUPPORTED',
        `The source does not declare the field "${field}"; add it to the \`fields\` of its ReconcileSource`,
      );
    }
    const value = `to_jsonb(${fields[field]})`;
    return steps.length === 0 ? value : `${value} #> '{${steps.join(',')}}'`;
  });
  return values.length === 1 ? (values[0] as string) : `coalesce(${values.join(', ')})`;
}

/** Rebuilds an entity from its compared values, as far as they contain it; of several paths the first one is used. */
export function entityOutOf(fields: readonly string[], values: readonly string[]): Record<string, unknown> {
  const entity: Record<string, unknown> = {};
  fields.forEach((comparedField, index) => {
    const [{ field, steps }] = pathsOf(comparedField) as [FieldPath];
    const value = values[index] === undefined ? null : (JSON.parse(values[index]) as unknown);
    if (value !== null) entity[field] = steps.length === 0 ? value : [value];
  });
  return entity;
}
