export interface Field {
  readonly id: number;
  readonly name: string;
  /** The type with typedefs resolved: `list<string>`; a struct is its name; an enum is `i32`, as on the wire. */
  readonly type: string;
  readonly isRequired: boolean;
  /** Names of the structs and enums in its type. */
  readonly uses: readonly string[];
}

export interface Struct {
  readonly name: string;
  readonly isUnion: boolean;
  readonly fields: readonly Field[];
}

export interface Enum {
  readonly name: string;
  readonly members: readonly { readonly name: string; readonly value: number }[];
}

/** The wire-relevant definitions of an IDL file and the files that it includes. */
export interface Schema {
  readonly structs: ReadonlyMap<string, Struct>;
  readonly enums: ReadonlyMap<string, Enum>;
}

/** The names of a struct and of all structs and enums in it, directly or indirectly. */
export function reachOf(schema: Schema, struct: string, seen = new Set<string>()): ReadonlySet<string> {
  if (seen.has(struct)) return seen;
  seen.add(struct);
  for (const { uses } of schema.structs.get(struct)?.fields ?? []) {
    for (const inner of uses) reachOf(schema, inner, seen);
  }
  return seen;
}
