export interface Field {
  readonly id: number;
  readonly name: string;
  /** As in the IDL, written out: `list<string>`, a struct by its name; an enum is `i32`, as it is on the wire. */
  readonly type: string;
  readonly isRequired: boolean;
  /** The structs and enums in its type, by name. */
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

/** What an IDL file and those that it includes define, as far as it shows on the wire. */
export interface Schema {
  readonly structs: ReadonlyMap<string, Struct>;
  readonly enums: ReadonlyMap<string, Enum>;
}

/** The names of a struct and of all that is inside of it: structs and enums. */
export function reachOf(schema: Schema, struct: string, seen = new Set<string>()): ReadonlySet<string> {
  if (seen.has(struct)) return seen;
  seen.add(struct);
  for (const { uses } of schema.structs.get(struct)?.fields ?? []) {
    for (const inner of uses) reachOf(schema, inner, seen);
  }
  return seen;
}
