import type { Queryable } from '@dbem/db-event';

/**
 * Notes whether this service hears a publisher, for all its instances: what a publisher that it doesn't hear would have sent
 * is not waited for.
 */
export async function noteSubscription(database: Queryable, publisher: string, isEnded: boolean): Promise<void> {
  await database.query(
    isEnded
      ? 'INSERT INTO db_event.ended_subscription (publisher) VALUES ($1) ON CONFLICT DO NOTHING'
      : 'DELETE FROM db_event.ended_subscription WHERE publisher = $1',
    [publisher],
  );
}
