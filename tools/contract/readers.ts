import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { SchemaChange } from './compare-schemas';
import type { Schema } from './thrift-schema';

const readersSchema = z.array(
  z.strictObject({
    subscriber: z.string().min(1),
    publisher: z.string().min(1),
    /** The entity's struct. */
    struct: z.string().min(1),
    /** The fields that it uses, by their names in the schema of before; left out: all. */
    fields: z.array(z.string().min(1)).optional(),
  }),
);

/** Which subscriber reads what. */
export type Reader = z.infer<typeof readersSchema>[number];

/** @throws Error if the file is none of readers. */
export function readReaders(file: string): Reader[] {
  const read = readersSchema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (!read.success) throw new Error(`${file} is no list of readers: ${z.prettifyError(read.error)}`);
  return read.data;
}

/** The subscribers that a change breaks, sorted. */
export function brokenBy({ path, breaks }: SchemaChange, readers: readonly Reader[], before: Schema): string[] {
  if (breaks === 'nobody') return [];
  const [name = '', field = ''] = path.split('.');
  const broken = readers.filter(({ struct, fields }) => {
    if (!reach(before, struct).has(name)) return false;
    // Who reads no field of a struct that is inside of another still decodes it as a whole.
    const isOwnField = struct === name && breaks === 'readers of the field';
    return !isOwnField || fields === undefined || fields.includes(field);
  });
  return [...new Set(broken.map(({ subscriber }) => subscriber))].sort();
}

/** A struct, the structs inside of it, and all enums: the compiler does not say which field holds which enum. */
function reach(schema: Schema, struct: string, seen = new Set<string>(schema.enums.keys())): Set<string> {
  if (seen.has(struct)) return seen;
  seen.add(struct);
  for (const { type } of schema.structs.get(struct)?.fields ?? []) {
    for (const inner of type.match(/\w+/g) ?? []) if (schema.structs.has(inner)) reach(schema, inner, seen);
  }
  return seen;
}
