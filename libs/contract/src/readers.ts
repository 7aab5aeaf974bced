import type { SchemaChange } from './compare-schemas';
import { reachOf, type Schema } from './schema';

/** Which subscriber reads what. */
export interface Reader {
  readonly subscriber: string;
  /** The entity's struct. */
  readonly struct: string;
  /** The fields that it uses, by their names in the schema of before; left out: all. */
  readonly fields?: readonly string[] | undefined;
}

/** The subscribers that a change breaks, sorted. */
export function brokenBy({ path, breaks }: SchemaChange, readers: readonly Reader[], before: Schema): string[] {
  if (breaks === 'nobody') return [];
  const [name = '', field = ''] = path.split('.');
  const broken = readers.filter(({ struct, fields }) => {
    if (!reachOf(before, struct).has(name)) return false;
    // Who reads no field of a struct that is inside of another still decodes it as a whole.
    const isOwnField = struct === name && breaks === 'readers of the field';
    return !isOwnField || fields === undefined || fields.includes(field);
  });
  return [...new Set(broken.map(({ subscriber }) => subscriber))].sort();
}
