import { ENTITY_TYPES, SUBSCRIPTION_DELIVERIES, type Subscription } from '@dbem/db-event';
import type { DeepReadonly } from '@dbem/runtime';
import { z } from 'zod';

/** A subscription as the admin API shows it. */
export const SubscriptionView = z
  .object({
    publisher: z.string().meta({ example: 'user.profile' }),
    subscriber: z.string().meta({ example: 'sharing' }),
    entityTypes: z.array(z.enum(ENTITY_TYPES)).optional().describe('Left out: all entity types.'),
    delivery: z
      .enum(SUBSCRIPTION_DELIVERIES)
      .optional()
      .describe(
        'paused: its events wait in a queue of their own. resuming, draining: they are being moved on. Left out: they go straight to the service.',
      ),
    expiredSince: z.iso
      .datetime()
      .optional()
      .describe('When it expired: its subscriber stayed away for too long, and its queue was deleted.'),
    expiryState: z
      .enum(['dropping', 'dropped', 'returned'])
      .optional()
      .describe('Of a expiry. returned: the subscriber gets events again, and has not rebuilt itself yet.'),
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
