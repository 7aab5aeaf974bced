import { DbEventError } from '@dbem/db-event';
import { type Delivery, PARKING_HEADERS } from '@dbem/transport';
import type { Pool } from 'pg';
import type { HandlerTable } from '../handlers/handler-table';
import type { Forecast } from './forecast';
import { rehearseEvents } from './rehearse-events';

interface AskedEvent {
  /** The message's body, base64. */
  readonly body: string;
  /** ISO 8601; by this an old publisher's event is ordered. */
  readonly firstFailedAt?: string;
}

const MAX_EVENTS = 200;

/**
 * Answers `replica.rehearse`: what would become of each event if it were sent again; nothing is changed.
 *
 * @throws DbEventError MESSAGE_MALFORMED if the params are not `{ events: { body, firstFailedAt? }[] }`, 200 at most.
 */
export async function answerRehearsal(pool: Pool, handlers: HandlerTable, params: unknown): Promise<Forecast[]> {
  return rehearseEvents(pool, handlers, eventsOf(params).map(deliveryOf));
}

function eventsOf(params: unknown): readonly AskedEvent[] {
  const events = (params as { events?: unknown } | null)?.events;
  const isEvent = (event: unknown) => typeof (event as AskedEvent | null)?.body === 'string';
  if (!Array.isArray(events) || events.length > MAX_EVENTS || !events.every(isEvent)) {
    throw new DbEventError('MESSAGE_MALFORMED', `Give events: at most ${MAX_EVENTS}, each with its body`);
  }
  return events;
}

function deliveryOf({ body, firstFailedAt }: AskedEvent): Delivery {
  return {
    body: Buffer.from(body, 'base64'),
    headers: firstFailedAt === undefined ? {} : { [PARKING_HEADERS.firstFailedAt]: firstFailedAt },
    exchange: '',
    routingKey: '',
    redelivered: false,
  };
}
