/** Columns by the fields of an entity that they keep. */
export type Columns<Field extends PropertyKey = string> = Readonly<Record<Field, string>>;

/** A field as its column holds it: null for what may be left out; a bigint comes as text. */
type Kept<Value> = Value extends undefined
  ? null
  : Value extends bigint
    ? string
    : Value extends readonly (infer Element)[]
      ? Element[]
      : Value;

/** A row of the table that keeps an entity in these columns. */
export type RowOf<Entity, Names extends Columns<keyof Entity>> = {
  [Field in keyof Entity as Names[Field]]-?: Kept<Entity[Field]>;
};

/** A row's part for these columns: what the entity leaves out is null. */
export function rowOf<Names extends Columns, Entity extends { readonly [Field in keyof Names]?: unknown }>(
  columns: Names,
  entity: Entity,
): RowOf<Pick<Entity, keyof Names & keyof Entity>, Names> {
  // For each event of an applier: no lists of pairs in between.
  const row: Record<string, unknown> = {};
  for (const field in columns) row[columns[field] as string] = entity[field] ?? null;
  return row as RowOf<Pick<Entity, keyof Names & keyof Entity>, Names>;
}

/** The fields that a row holds: null is left out. */
export function fieldsOf<Names extends Columns, Row extends object>(columns: Names, row: Row): FieldsOf<Names, Row> {
  const entries = Object.entries(columns).map(([field, column]) => [field, row[column as keyof Row]]);
  return Object.fromEntries(entries.filter(([, value]) => value !== null)) as FieldsOf<Names, Row>;
}

type FieldOfColumn<Names, Column> = {
  [Field in keyof Names]: Names[Field] extends Column ? Field : never;
}[keyof Names];

/** What `fieldsOf` makes of a row. */
export type FieldsOf<Names extends Columns, Row> = {
  [Column in keyof Row as null extends Row[Column] ? never : FieldOfColumn<Names, Column>]: Row[Column];
} & {
  [Column in keyof Row as null extends Row[Column] ? FieldOfColumn<Names, Column> : never]?: Exclude<Row[Column], null>;
};
