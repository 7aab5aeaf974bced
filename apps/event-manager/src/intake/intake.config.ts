import { configOf } from '@dbem/service-kit';
import { z } from 'zod';

export class IntakeConfig extends configOf({
  INTAKE_PREFETCH: z.coerce
    .number()
    .int()
    .min(1)
    .max(65_535)
    .default(1_000)
    .describe('Maximum unacknowledged events of this manager (prefetch). Default: 1000.'),
}) {}
