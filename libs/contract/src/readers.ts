import type { SchemaChange } from './compare-schemas';
import { reachOf, type Schema } from './schema';

/** A subscriber and the fields that it reads. */
export interface Reader {
  readonly subscriber: string;
  /** The entity's struct. */
  readonly struct: string;
  /** The fields that it uses, by their names in the old schema. Default: all. */
  readonly fields?: readonly string[] | undefined;
}

/** The subscribers that a change breaks, sorted. */
export function brokenBy({ path, breaks }: SchemaChange, readers: readonly Reader[], before: Schema): string[] {
  if (breaks === 'nobody') return [];
  const [name = '', field = ''] = path.split('.');
  const broken = readers.filter(({ struct, fields }) => {
    if (!reachOf(before, struct).has(name)) return false;
    // A reader of an outer struct decodes the inner struct as a whole, even if it uses none of its fields.
    const isOwnField = struct === name && breaks === 'readers of the field';
    return !isOwnField || fields === undefined || fields.includes(field);
  });
  return [...new Set(broken.map(({ subscriber }) => subscriber))].sort();
}
