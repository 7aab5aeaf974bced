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
    messages: z.number().describe('Messages waiting, without those delivered and unacknowledged.'),
    consumers: z.number(),
    kind: z.string().optional().meta({ description: 'Left out without AMQP_MANAGEMENT_URL.', example: 'quorum' }),
    bindings: z.array(Binding).optional().describe('Left out without AMQP_MANAGEMENT_URL.'),
  })
  .meta({ id: 'RouteQueueDto' });

export type RouteQueue = DeepReadonly<z.infer<typeof RouteQueue>>;

export const Finding = z
  .object({
    code: z.string().meta({ example: 'QUEUE_MISSING' }),
    state: z
      .enum(['healed', 'note', 'warning'])
      .describe('healed: it was wrong and is right now. note: worth knowing. warning: look after it.'),
    message: z.string(),
  })
  .meta({ id: 'FindingDto' });

export type Finding = DeepReadonly<z.infer<typeof Finding>>;

export const RouteReceipt = z
  .object({
    subscription: SubscriptionView.describe('As this manager’s map has it.'),
    goesTo: z.string().meta({ description: 'Where an event goes now.', example: 'sharing.queue' }),
    queue: RouteQueue.describe('The service’s queue.'),
    waiting: RouteQueue.optional().describe('Where events wait while it is paused. Left out if it is live.'),
    managers: z.number().describe('Live event managers; all of them route by the map that is shown.'),
    findings: z.array(Finding),
  })
  .meta({ id: 'RouteReceiptDto' });

export type RouteReceipt = DeepReadonly<z.infer<typeof RouteReceipt>>;
