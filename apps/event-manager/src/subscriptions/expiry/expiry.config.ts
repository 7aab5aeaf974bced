import { configOf } from '@dbem/service-kit';
import { z } from 'zod';

/** How much may wait for a service that stays away. */
export class ExpiryConfig extends configOf({
  BACKLOG_MAX_MESSAGES: z.coerce
    .number()
    .int()
    .min(1)
    .default(5_000_000)
    .describe('A service whose queue holds more messages loses its subscriptions and its queue. Default: 5000000.'),
  BACKLOG_MAX_BYTES: z.coerce
    .number()
    .int()
    .min(1)
    .default(8 * 1024 ** 3)
    .describe('The same for bytes, estimated by what was forwarded to it. Default: 8589934592 (8 GiB).'),
}) {}
