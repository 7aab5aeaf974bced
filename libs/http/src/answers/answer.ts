import type { z } from 'zod';

/** What `@ApiOkResponse` and its like take of an answer whose schema has an id. */
export function answer(schema: z.ZodType, description = '') {
  return { description, schema: refTo(schema) };
}

/** Where a schema with an id stands in the OpenAPI document. */
export function refTo(schema: z.ZodType): { $ref: string } {
  return { $ref: pathOf(idOf(schema)) };
}

export function pathOf(id: string): string {
  return `#/components/schemas/${id}`;
}

export function idOf(schema: z.ZodType): string {
  const { id } = schema.meta() ?? {};
  if (id === undefined) throw new Error('A schema needs an id to be described: .meta({ id: … })');
  return id;
}
