import type { z } from 'zod';

/** The schemas that answers have been described by. Not zod's own registry, which all copies of a library in the process share. */
const DESCRIBED = new Map<string, z.ZodType>();

/** What `@ApiOkResponse` and its like take of an answer whose schema has an id. */
export function answer(schema: z.ZodType, description = '') {
  return { description, schema: refTo(schema) };
}

/** Where a schema with an id stands in the OpenAPI document. */
export function refTo(schema: z.ZodType): { $ref: string } {
  const id = idOf(schema);
  DESCRIBED.set(id, schema);
  return { $ref: pathOf(id) };
}

export function describedAs(id: string): z.ZodType | undefined {
  return DESCRIBED.get(id);
}

export function pathOf(id: string): string {
  return `#/components/schemas/${id}`;
}

export function idOf(schema: z.ZodType): string {
  const { id } = schema.meta() ?? {};
  if (id === undefined) throw new Error('A schema needs an id to be described: .meta({ id: … })');
  return id;
}
