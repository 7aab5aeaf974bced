import type { DeepReadonly } from '@dbem/runtime';
import { z } from 'zod';

const perStep = z.array(z.number().nullable());

/** A flow over the last hour, in columns of equal length, oldest first; null where nothing is known. */
export const FlowColumns = z
  .object({
    stepS: z.int().meta({ description: 'Seconds from one point to the next.', example: 5 }),
    at: z.array(z.number()).describe('When each point begins; seconds since 1970.'),
    inPerS: perStep.describe('Events that event managers sent on, a second.'),
    outPerS: perStep.describe('Events that subscribers have settled, a second.'),
    lagP50Ms: perStep.describe('Median lag of what was applied.'),
    lagP99Ms: perStep.describe('Lag that 99 of 100 applied events did not exceed.'),
    depth: perStep.describe('Messages in the work queues of the subscribers meant.'),
  })
  .meta({ id: 'FlowDto' });

export type FlowColumns = DeepReadonly<z.infer<typeof FlowColumns>>;
