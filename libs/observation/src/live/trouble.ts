import type { DeepReadonly } from '@dbem/runtime';
import { z } from 'zod';
import { UNAVAILABILITIES } from '../status/unavailable-queues.port';

/** Something that is wrong in the whole system. */
export const Trouble = z
  .object({
    id: z.string().describe('Stays the same while the trouble lasts.'),
    severity: z.enum(['error', 'warning']).describe('error: events do not get through, or changes are missing.'),
    title: z.string().meta({ example: 'sharing’s queue takes no events' }),
    detail: z.string().describe('What it means for the data, and what to check.'),
    since: z.iso.datetime().optional().describe('Left out: unknown.'),
    service: z.string().optional().describe('The affected service. Left out: the event managers.'),
    queue: z.string().optional(),
    cause: z.enum(UNAVAILABILITIES).optional().describe('Why the queue takes no events.'),
    page: z
      .enum(['overview', 'cluster', 'subscriptions', 'parked'])
      .describe('The console’s page on which to act on it.'),
  })
  .meta({ id: 'TroubleDto' });

export type Trouble = DeepReadonly<z.infer<typeof Trouble>>;
