import type { Type } from '@nestjs/common';
import { z } from 'zod';
import { pathOf } from './answer';

/** A request DTO class as part of a response. The controller must list the class in `@ApiExtraModels`. */
export function classSchema<Class>({ name }: Type<Class>) {
  return z.custom<Class>().meta({ $ref: pathOf(name) });
}
