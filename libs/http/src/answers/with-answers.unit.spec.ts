import type { OpenAPIObject } from '@nestjs/swagger';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { answer } from './answer';
import { answerPageOf } from './answer-page';
import { classSchema } from './class-schema';
import { withAnswers } from './with-answers';

class OptionsOfTheSpec {}

const Wheel = z.object({ inches: z.int(), madeAt: z.iso.datetime() }).meta({ id: 'WheelOfTheSpec' });
const Car = z
  .object({
    id: z.uuid().describe('Generated.'),
    spare: Wheel.optional().describe('Absent without a spare.'),
    options: classSchema(OptionsOfTheSpec),
  })
  .meta({ id: 'CarOfTheSpec' });
z.object({ text: z.string() }).meta({ id: 'UnrelatedOfTheSpec' });

function describing(body: object, schemas = {}): OpenAPIObject {
  return {
    openapi: '3.0.0',
    info: { title: 'Cars', version: '1' },
    paths: { '/cars': { get: { responses: { 200: { description: '', content: { 'application/json': body } } } } } },
    components: { schemas },
  };
}

it('withAnswers adds the schemas that a document refers to, and those that they refer to', () => {
  const { schema } = answer(answerPageOf(Car));
  const { components } = withAnswers(describing({ schema }, { OptionsOfTheSpec: { type: 'object' } }));
  expect(components?.schemas).toEqual({
    OptionsOfTheSpec: { type: 'object' },
    CarOfTheSpecPage: {
      type: 'object',
      properties: {
        items: { type: 'array', items: { $ref: '#/components/schemas/CarOfTheSpec' } },
        next: { type: 'string', description: expect.stringContaining('after') },
      },
      required: ['items'],
    },
    CarOfTheSpec: {
      type: 'object',
      properties: {
        id: { type: 'string', format: 'uuid', description: 'Generated.' },
        spare: {
          allOf: [{ $ref: '#/components/schemas/WheelOfTheSpec' }],
          description: 'Absent without a spare.',
        },
        options: { $ref: '#/components/schemas/OptionsOfTheSpec' },
      },
      required: ['id', 'options'],
    },
    WheelOfTheSpec: {
      type: 'object',
      properties: { inches: { type: 'integer' }, madeAt: { type: 'string', format: 'date-time' } },
      required: ['inches', 'madeAt'],
    },
  });
});

it('withAnswers rejects a document that refers to an unknown schema', () => {
  expect(() => withAnswers(describing(answer(Car)))).toThrow('refers to OptionsOfTheSpec');
});

it('answer rejects a schema without an id', () => {
  expect(() => answer(z.object({}))).toThrow('needs an id');
});
