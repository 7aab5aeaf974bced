import type { Enum } from './schema';

/** A type as written in the IDL, with unresolved names. */
export type WrittenType =
  | { readonly kind: 'name'; readonly name: string; readonly line: number }
  | { readonly kind: 'list' | 'set'; readonly element: WrittenType }
  | { readonly kind: 'map'; readonly key: WrittenType; readonly value: WrittenType };

export interface WrittenField {
  readonly id: number;
  readonly name: string;
  readonly isRequired: boolean;
  readonly type: WrittenType;
}

export interface WrittenStruct {
  readonly name: string;
  readonly isUnion: boolean;
  readonly fields: readonly WrittenField[];
}

/** The parsed content of one IDL file. */
export interface IdlFile {
  readonly includes: readonly string[];
  readonly typedefs: ReadonlyMap<string, WrittenType>;
  readonly structs: readonly WrittenStruct[];
  readonly enums: readonly Enum[];
}
