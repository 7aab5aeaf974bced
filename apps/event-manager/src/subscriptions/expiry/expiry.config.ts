import { configOf } from '@dbem/service-kit';
import { z } from 'zod';

/** Backlog limits per service; beyond them its subscriptions expire. */
export class ExpiryConfig extends configOf({
  BACKLOG_MAX_EVENTS: z.coerce
    .number()
    .int()
    .min(1)
    .default(5_000_000)
    .describe(
      'Maximum events in a service’s queue, estimated from what was last sent. Beyond it, the service’s subscriptions expire and its queue is deleted. Default: 5000000.',
    ),
  BACKLOG_MAX_BYTES: z.coerce
    .number()
    .int()
    .min(1)
    .default(8 * 1024 ** 3)
    .describe(
      'Maximum bytes in a service’s queue, estimated from what was last sent, with the same effect. Default: 8589934592 (8 GiB).',
    ),
}) {}
