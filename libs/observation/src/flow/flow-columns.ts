import type { DeepReadonly } from '@dbem/runtime';
import { z } from 'zod';

const perStep = z.array(z.number().nullable());

/** A flow over up to the last hour, in columns of equal length, oldest first; null where unknown. */
export const FlowColumns = z
  .object({
    stepS: z.int().meta({ description: 'Seconds from one point to the next.', example: 5 }),
    at: z.array(z.number()).describe('When each point begins; seconds since 1970.'),
    inPerS: perStep.describe('Events forwarded by the event managers, per second.'),
    outPerS: perStep.describe('Events that subscribers have applied or found stale, per second.'),
    lagP50Ms: perStep.describe('Median lag of the applied events.'),
    lagP99Ms: perStep.describe('99th percentile of the lag of the applied events.'),
    depth: perStep.describe('Messages in the work queues of the selected subscribers.'),
  })
  .meta({ id: 'FlowDto' });

export type FlowColumns = DeepReadonly<z.infer<typeof FlowColumns>>;
