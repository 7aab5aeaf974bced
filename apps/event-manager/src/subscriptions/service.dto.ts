import type { DeepReadonly } from '@dbem/runtime';
import { z } from 'zod';

export const QueueDto = z
  .object({
    name: z.string().meta({ example: 'sharing.queue' }),
    messages: z.number().describe('Messages waiting, not counting those delivered and unacknowledged.'),
    consumers: z.number(),
  })
  .meta({ id: 'QueueDto' });

export type QueueDto = DeepReadonly<z.infer<typeof QueueDto>>;

export const ServiceDto = z
  .object({
    name: z.string().meta({ example: 'sharing' }),
    subscribesTo: z.array(z.string()).describe('The publishers that it hears.'),
    subscribers: z.array(z.string()).describe('The services that hear it.'),
    queue: QueueDto.optional().describe('Its work queue. Left out: there is none.'),
    parked: QueueDto.optional().describe('The queue of its parked events. Left out: there is none.'),
  })
  .meta({ id: 'ServiceDto' });

export type ServiceDto = DeepReadonly<z.infer<typeof ServiceDto>>;
