import type { Type } from '@nestjs/common';
import { z } from 'zod';
import { pathOf } from './answer';

/** A class that requests are checked by, where an answer holds one. Its controller names it in `@ApiExtraModels`. */
export function classSchema<Class>({ name }: Type<Class>) {
  return z.custom<Class>().meta({ $ref: pathOf(name) });
}
