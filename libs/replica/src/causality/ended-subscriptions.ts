import type { Queryable } from '@dbem/db-event';

/**
 * Records, for all instances of this service, whether its subscription to a publisher has ended: events do not wait for
 * changes of such a publisher.
 */
export async function noteSubscription(database: Queryable, publisher: string, isEnded: boolean): Promise<void> {
  await database.query(
    isEnded
      ? 'INSERT INTO db_event.ended_subscription (publisher) VALUES ($1) ON CONFLICT DO NOTHING'
      : 'DELETE FROM db_event.ended_subscription WHERE publisher = $1',
    [publisher],
  );
}
