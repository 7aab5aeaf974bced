import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The text of an IDL file, and the texts of the files that it includes, by their names in the `include` statements. */
export interface IdlText {
  readonly idl: string;
  readonly includes?: Readonly<Record<string, string>> | undefined;
}

/** An entity's schema, as its publisher registers it with the event manager. */
export interface EntitySchema extends IdlText {
  /** The entity's struct in the IDL. */
  readonly struct: string;
}

const IDL_FOLDER = join(__dirname, '..', '..', 'idl');

/** The schema in one of the files in `idl/`. */
export function ownSchema(struct: string, file: string): EntitySchema {
  return { struct, idl: readFileSync(join(IDL_FOLDER, file), 'utf8') };
}
