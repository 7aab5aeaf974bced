import type { z } from 'zod';

/**
 * The schemas used in responses, by id. Not zod's global registry, which every instance of zod in the process shares.
 */
const DESCRIBED = new Map<string, z.ZodType>();

/** Options for `@ApiOkResponse` and the like, for a response whose schema has an id. */
export function answer(schema: z.ZodType, description = '') {
  return { description, schema: refTo(schema) };
}

/** A reference to the schema in the OpenAPI document. */
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
  if (id === undefined) throw new Error('The schema of a response needs an id: .meta({ id: … })');
  return id;
}
