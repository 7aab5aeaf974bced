import type { OpenAPIObject } from '@nestjs/swagger';
import { z } from 'zod';
import { pathOf } from './answer';

type Schemas = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>;

const REFERENCES = new RegExp(`"${pathOf('([^"]+)')}"`, 'g');

/** The document with the schemas of the answers that it refers to, and of those that they refer to. */
export function withAnswers(document: OpenAPIObject): OpenAPIObject {
  const known = knownSchemas();
  const schemas: Schemas = { ...document.components?.schemas };
  const follow = (part: unknown) => {
    for (const [, id = ''] of JSON.stringify(part).matchAll(REFERENCES)) {
      const schema = known[id];
      if (schemas[id] !== undefined) continue;
      if (schema === undefined) throw new Error(`The OpenAPI document refers to ${id}, which nothing describes.`);
      schemas[id] = schema;
      follow(schema);
    }
  };
  follow(document);
  return { ...document, components: { ...document.components, schemas } };
}

/** All schemas with an id, as OpenAPI has them. */
function knownSchemas(): Schemas {
  const { schemas } = z.toJSONSchema(z.globalRegistry, {
    target: 'openapi-3.0',
    io: 'input',
    unrepresentable: 'any',
    uri: pathOf,
    override: ({ jsonSchema }) => {
      // These repeat what `format` and `integer` say.
      if (jsonSchema.format !== undefined) delete jsonSchema.pattern;
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
    },
  });
  return Object.fromEntries(
    Object.entries(schemas).map(([id, { $id: _, ...schema }]) => [id, schema as Schemas[string]]),
  );
}
