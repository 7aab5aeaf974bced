import { ENTITY_TYPES, isPaused, type Subscription } from '@dbem/db-event';
import type { DeepReadonly } from '@dbem/runtime';
import { z } from 'zod';

/** A subscription in the admin API. */
export const SubscriptionView = z
  .object({
    publisher: z.string().meta({ example: 'user.profile' }),
    subscriber: z.string().meta({ example: 'sharing' }),
    entityTypes: z.array(z.enum(ENTITY_TYPES)).optional().describe('Absent: all entity types.'),
    delivery: z
      .enum(['paused', 'resuming'])
      .optional()
      .describe(
        'paused: its events wait in a separate queue. resuming: new events are routed to the service, and those that waited are being moved there. Absent: live.',
      ),
    pauses: z
      .array(z.object({ by: z.string().meta({ example: 'ada' }), since: z.iso.datetime() }).meta({ id: 'PauseDto' }))
      .optional()
      .describe('Who has paused it, and since when. It is paused until each of them has ended. Absent: nobody.'),
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

/** @param isDraining it is not paused any more, but events may still wait. */
export function subscriptionView(subscription: Subscription, isDraining: boolean): SubscriptionView {
  const { publisher, subscriber, entityTypes, pauses, expiry } = subscription;
  const delivery = isPaused(subscription) ? 'paused' : isDraining ? 'resuming' : undefined;
  return {
    publisher,
    subscriber,
    ...(delivery !== undefined && { delivery }),
    ...(pauses !== undefined && {
      pauses: pauses.map(({ by, sinceMs }) => ({ by, since: new Date(sinceMs).toISOString() })),
    }),
    ...(entityTypes !== undefined && { entityTypes }),
    ...(expiry !== undefined && { expiredSince: new Date(expiry.sinceMs).toISOString(), expiryState: expiry.state }),
  };
}
