import { fileURLToPath } from 'node:url';
import { compareSchemas, type SchemaChange } from './compare-schemas';
import { brokenBy, readReaders } from './readers';
import { readThriftSchema } from './thrift-schema';

/** The subscribers of this repository. */
export const OWN_READERS = fileURLToPath(new URL('readers.json', import.meta.url));

export interface JudgedChange extends SchemaChange {
  readonly isCompatible: boolean;
  readonly breaksSubscribers: readonly string[];
}

export interface ContractReport {
  readonly isCompatible: boolean;
  readonly changes: readonly JudgedChange[];
}

/**
 * Compares two IDL files. A change is compatible if it breaks nobody; one that breaks only who reads a field is compatible if
 * no known reader does.
 *
 * @throws Error if a file can't be read.
 */
export function checkContract(before: string, after: string, readersFile = OWN_READERS): ContractReport {
  const old = readThriftSchema(before);
  const readers = readReaders(readersFile);
  const changes = compareSchemas(old, readThriftSchema(after)).map((change) => {
    const breaksSubscribers = brokenBy(change, readers, old);
    const isCompatible =
      change.breaks === 'nobody' || (change.breaks === 'readers of the field' && breaksSubscribers.length === 0);
    return { ...change, breaksSubscribers, isCompatible };
  });
  return { isCompatible: changes.every(({ isCompatible }) => isCompatible), changes };
}
