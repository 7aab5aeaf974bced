import type { Enum } from './schema';

/** A type as it is written; names are not looked up yet. */
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

/** What one IDL file says. */
export interface IdlFile {
  readonly includes: readonly string[];
  readonly typedefs: ReadonlyMap<string, WrittenType>;
  readonly structs: readonly WrittenStruct[];
  readonly enums: readonly Enum[];
}
