/** Column names by the entity field that they store. */
export type Columns<Field extends PropertyKey = string> = Readonly<Record<Field, string>>;

/** The type of a field in its column: an optional field may be null, and `pg` returns a bigint as a string. */
type Stored<Value> = Value extends undefined
  ? null
  : Value extends bigint
    ? string
    : Value extends readonly (infer Element)[]
      ? Element[]
      : Value;

/** A row of a table that stores an entity in these columns. */
export type RowOf<Entity, Names extends Columns<keyof Entity>> = {
  [Field in keyof Entity as Names[Field]]-?: Stored<Entity[Field]>;
};

/** The row that stores an entity in these columns; undefined fields become null. */
export function rowOf<Names extends Columns, Entity extends { readonly [Field in keyof Names]?: unknown }>(
  columns: Names,
  entity: Entity,
): RowOf<Pick<Entity, keyof Names & keyof Entity>, Names> {
  // Runs for each event of an applier, so without `Object.entries` and its arrays.
  const row: Record<string, unknown> = {};
  for (const field in columns) row[columns[field] as string] = entity[field] ?? null;
  return row as RowOf<Pick<Entity, keyof Names & keyof Entity>, Names>;
}

/** The entity fields that a row stores; null is left out. */
export function fieldsOf<Names extends Columns, Row extends object>(columns: Names, row: Row): FieldsOf<Names, Row> {
  const entries = Object.entries(columns).map(([field, column]) => [field, row[column as keyof Row]]);
  return Object.fromEntries(entries.filter(([, value]) => value !== null)) as FieldsOf<Names, Row>;
}

type FieldOfColumn<Names, Column> = {
  [Field in keyof Names]: Names[Field] extends Column ? Field : never;
}[keyof Names];

/** The result of `fieldsOf`. */
export type FieldsOf<Names extends Columns, Row> = {
  [Column in keyof Row as null extends Row[Column] ? never : FieldOfColumn<Names, Column>]: Row[Column];
} & {
  [Column in keyof Row as null extends Row[Column] ? FieldOfColumn<Names, Column> : never]?: Exclude<Row[Column], null>;
};
