import type { OpenAPIObject } from '@nestjs/swagger';
import { z } from 'zod';
import { describedAs, pathOf } from './answer';

type Schemas = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>;

const REFERENCES = new RegExp(`"${pathOf('([^"]+)')}"`, 'g');

/** The document with the schemas of the answers that it refers to, and of those that they refer to. */
export function withAnswers(document: OpenAPIObject): OpenAPIObject {
  const schemas: Schemas = { ...document.components?.schemas };
  for (const [, id = ''] of JSON.stringify(document).matchAll(REFERENCES)) {
    if (schemas[id] === undefined) Object.assign(schemas, schemasOf(id));
  }
  for (const [, id = ''] of JSON.stringify(schemas).matchAll(REFERENCES)) {
    if (schemas[id] === undefined) throw new Error(`The OpenAPI document refers to ${id}, which nothing describes.`);
  }
  return { ...document, components: { ...document.components, schemas } };
}

/** An answer's schema and those with an id in it, as OpenAPI has them; nothing if it is no answer's. */
function schemasOf(id: string): Schemas {
  const schema = describedAs(id);
  if (schema === undefined) return {};
  const { definitions = {} } = z.toJSONSchema(schema, {
    target: 'openapi-3.0',
    io: 'input',
    unrepresentable: 'any',
    override: ({ jsonSchema }) => {
      // These repeat what `format` and `integer` say.
      if (jsonSchema.format !== undefined) delete jsonSchema.pattern;
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
    },
  });
  return JSON.parse(JSON.stringify(definitions).replaceAll('"#/definitions/', `"${pathOf('')}`)) as Schemas;
}
