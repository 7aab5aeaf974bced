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
    lapsedSince: z.iso
      .datetime()
      .optional()
      .describe('When it lapsed: its subscriber stayed away for too long, and its queue was deleted.'),
    lapseState: z
      .enum(['dropping', 'dropped', 'returned'])
      .optional()
      .describe('Of a lapse. returned: the subscriber gets events again, and has not rebuilt itself yet.'),
  })
  .meta({ id: 'SubscriptionDto' });

export type SubscriptionView = DeepReadonly<z.infer<typeof SubscriptionView>>;

export function subscriptionView({
  publisher,
  subscriber,
  entityTypes,
  delivery,
  lapse,
}: Subscription): SubscriptionView {
  return {
    publisher,
    subscriber,
    ...(delivery !== undefined && { delivery }),
    ...(entityTypes !== undefined && { entityTypes }),
    ...(lapse !== undefined && { lapsedSince: new Date(lapse.sinceMs).toISOString(), lapseState: lapse.state }),
  };
}
