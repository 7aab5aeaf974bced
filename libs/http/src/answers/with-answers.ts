import type { OpenAPIObject } from '@nestjs/swagger';
import { z } from 'zod';
import { describedAs, pathOf } from './answer';

type Schemas = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>;

const REFERENCES = new RegExp(`"${pathOf('([^"]+)')}"`, 'g');

/** Adds to the document the response schemas that it refers to, and those that they refer to. */
export function withAnswers(document: OpenAPIObject): OpenAPIObject {
  const schemas: Schemas = { ...document.components?.schemas };
  for (const [, id = ''] of JSON.stringify(document).matchAll(REFERENCES)) {
    if (schemas[id] === undefined) Object.assign(schemas, schemasOf(id));
  }
  for (const [, id = ''] of JSON.stringify(schemas).matchAll(REFERENCES)) {
    if (schemas[id] === undefined) throw new Error(`The OpenAPI document refers to ${id}, but no schema has this id.`);
  }
  return { ...document, components: { ...document.components, schemas } };
}

/**
 * A response schema and the schemas with an id within it, in OpenAPI's form. Empty if there is no response schema `id`.
 */
function schemasOf(id: string): Schemas {
  const schema = describedAs(id);
  if (schema === undefined) return {};
  const { definitions = {} } = z.toJSONSchema(schema, {
    target: 'openapi-3.0',
    io: 'input',
    unrepresentable: 'any',
    override: ({ jsonSchema }) => {
      // Redundant to `format` and `integer`.
      if (jsonSchema.format !== undefined) delete jsonSchema.pattern;
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
    },
  });
  return JSON.parse(JSON.stringify(definitions).replaceAll('"#/definitions/', `"${pathOf('')}`)) as Schemas;
}
