import { configOf } from '@dbem/service-kit';
import { z } from 'zod';

export class IntakeConfig extends configOf({
  INTAKE_PREFETCH: z.coerce
    .number()
    .int()
    .min(1)
    .max(65_535)
    .default(128)
    .describe(
      'Maximum unacknowledged messages of this manager (prefetch); each may carry up to 500 events. Default: 128.',
    ),
}) {}
