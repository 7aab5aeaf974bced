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
    id: z.uuid().describe('Drawn.'),
    spare: Wheel.optional().describe('Left out: there is none.'),
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

it('A document gets the schemas that it refers to, and those that they refer to', () => {
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
        id: { type: 'string', format: 'uuid', description: 'Drawn.' },
        spare: {
          allOf: [{ $ref: '#/components/schemas/WheelOfTheSpec' }],
          description: 'Left out: there is none.',
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

it('A document that refers to what nothing describes is refused', () => {
  expect(() => withAnswers(describing(answer(Car)))).toThrow('refers to OptionsOfTheSpec');
});

it('An answer whose schema has no id is refused', () => {
  expect(() => answer(z.object({}))).toThrow('needs an id');
});
