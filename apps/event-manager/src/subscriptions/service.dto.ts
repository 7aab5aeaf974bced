import type { DeepReadonly } from '@dbem/runtime';
import { z } from 'zod';

export const QueueDto = z
  .object({
    name: z.string().meta({ example: 'sharing.queue' }),
    messages: z.number().describe('Messages ready, without delivered but unacknowledged ones.'),
    events: z.int().describe('Events in these messages, estimated from what this manager last sent or received.'),
    consumers: z.number(),
  })
  .meta({ id: 'QueueDto' });

export type QueueDto = DeepReadonly<z.infer<typeof QueueDto>>;

export const ServiceDto = z
  .object({
    name: z.string().meta({ example: 'sharing' }),
    subscribesTo: z.array(z.string()).describe('The publishers that the service subscribes to.'),
    subscribers: z.array(z.string()).describe('The services that subscribe to it.'),
    queue: QueueDto.optional().describe('The service’s queue. Absent: there is none.'),
    parked: QueueDto.optional().describe('The queue of its parked events. Absent: there is none.'),
  })
  .meta({ id: 'ServiceDto' });

export type ServiceDto = DeepReadonly<z.infer<typeof ServiceDto>>;
