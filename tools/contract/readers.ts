import { readFileSync } from 'node:fs';
import type { Reader } from '@dbem/contract';
import { z } from 'zod';

const readersSchema = z.array(
  z.strictObject({
    subscriber: z.string().min(1),
    publisher: z.string().min(1),
    /** The entity's struct. */
    struct: z.string().min(1),
    /** The fields that it uses, by their names in the old schema. Default: all. */
    fields: z.array(z.string().min(1)).optional(),
  }),
);

/** @throws Error if the file is not a valid list of readers. */
export function readReaders(file: string): Reader[] {
  const read = readersSchema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (!read.success) throw new Error(`${file} is not a valid list of readers: ${z.prettifyError(read.error)}`);
  return read.data;
}
