import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** An IDL file's text, and those of the files that it includes, by the names by which they are included. */
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

/** Of a file of ours. */
export function ownSchema(struct: string, file: string): EntitySchema {
  return { struct, idl: readFileSync(join(IDL_FOLDER, file), 'utf8') };
}
