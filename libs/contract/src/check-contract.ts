import type { ClassifiedChange } from './classified-change';
import { compareSchemas } from './compare-schemas';
import { brokenBy, type Reader } from './readers';
import type { Schema } from './schema';

export interface ContractReport {
  readonly isCompatible: boolean;
  readonly changes: readonly ClassifiedChange[];
}

/**
 * Lists the changes between two schemas and the subscribers they break. A change is compatible if it breaks no reader.
 * A change that breaks only the readers of one field is compatible if no known subscriber reads that field.
 */
export function checkContract(before: Schema, after: Schema, readers: readonly Reader[]): ContractReport {
  const changes = compareSchemas(before, after).map((change) => {
    const breaksSubscribers = brokenBy(change, readers, before);
    const isCompatible =
      change.breaks === 'nobody' || (change.breaks === 'readers of the field' && breaksSubscribers.length === 0);
    return { ...change, breaksSubscribers, isCompatible };
  });
  return { isCompatible: changes.every(({ isCompatible }) => isCompatible), changes };
}
