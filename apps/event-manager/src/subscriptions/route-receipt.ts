import type { DeepReadonly } from '@dbem/runtime';
import { z } from 'zod';
import { SubscriptionView } from './subscription-view';

export const Binding = z
  .object({
    exchange: z.string().meta({ example: 'db.event.exchange' }),
    routingKey: z.string().meta({ example: '#.sharing.#' }),
  })
  .meta({ id: 'BindingDto' });

export type Binding = DeepReadonly<z.infer<typeof Binding>>;

export const RouteQueue = z
  .object({
    name: z.string().meta({ example: 'sharing.queue' }),
    messages: z.number().describe('Messages ready, without delivered but unacknowledged ones.'),
    events: z.int().describe('Events in these messages, estimated from what this manager last sent or received.'),
    consumers: z.number(),
    kind: z.string().optional().meta({ description: 'Absent without AMQP_MANAGEMENT_URL.', example: 'quorum' }),
    bindings: z.array(Binding).optional().describe('Absent without AMQP_MANAGEMENT_URL.'),
  })
  .meta({ id: 'RouteQueueDto' });

export type RouteQueue = DeepReadonly<z.infer<typeof RouteQueue>>;

export const Finding = z
  .object({
    code: z.string().meta({ example: 'QUEUE_MISSING' }),
    state: z
      .enum(['healed', 'note', 'warning'])
      .describe('healed: a fault that has been repaired. note: information. warning: needs attention.'),
    message: z.string(),
  })
  .meta({ id: 'FindingDto' });

export type Finding = DeepReadonly<z.infer<typeof Finding>>;

export const RouteReceipt = z
  .object({
    subscription: SubscriptionView.describe('The subscription in this manager’s map.'),
    goesTo: z
      .string()
      .meta({ description: 'The queue that events are currently routed to.', example: 'sharing.queue' }),
    queue: RouteQueue.describe('The service’s queue.'),
    waiting: RouteQueue.optional().describe(
      'The queue in which events of the subscription wait. Absent if it is live.',
    ),
    managers: z.number().describe('Number of live event managers, which all route by this map.'),
    findings: z.array(Finding),
  })
  .meta({ id: 'RouteReceiptDto' });

export type RouteReceipt = DeepReadonly<z.infer<typeof RouteReceipt>>;
