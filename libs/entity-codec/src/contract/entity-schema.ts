import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { IdlText } from './read-idl';

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
