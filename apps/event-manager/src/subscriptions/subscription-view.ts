import { ENTITY_TYPES, SUBSCRIPTION_DELIVERIES, type Subscription } from '@dbem/db-event';
import type { DeepReadonly } from '@dbem/runtime';
import { z } from 'zod';

/** A subscription in the admin API. */
export const SubscriptionView = z
  .object({
    publisher: z.string().meta({ example: 'user.profile' }),
    subscriber: z.string().meta({ example: 'sharing' }),
    entityTypes: z.array(z.enum(ENTITY_TYPES)).optional().describe('Absent: all entity types.'),
    delivery: z
      .enum(SUBSCRIPTION_DELIVERIES)
      .optional()
      .describe(
        'paused: its events wait in a separate queue. resuming, draining: the waiting events are being moved to the service. Absent: live, events are routed directly to the service.',
      ),
    expiredSince: z.iso
      .datetime()
      .optional()
      .describe('When the subscription expired: its backlog exceeded the limit and its queue was deleted.'),
    expiryState: z
      .enum(['dropping', 'dropped', 'returned'])
      .optional()
      .describe(
        'dropping: its queue is being deleted. dropped: its queue is deleted. returned: the subscriber receives events again, but has not rebuilt its replica yet.',
      ),
  })
  .meta({ id: 'SubscriptionDto' });

export type SubscriptionView = DeepReadonly<z.infer<typeof SubscriptionView>>;

export function subscriptionView({
  publisher,
  subscriber,
  entityTypes,
  delivery,
  expiry,
}: Subscription): SubscriptionView {
  return {
    publisher,
    subscriber,
    ...(delivery !== undefined && { delivery }),
    ...(entityTypes !== undefined && { entityTypes }),
    ...(expiry !== undefined && { expiredSince: new Date(expiry.sinceMs).toISOString(), expiryState: expiry.state }),
  };
}
