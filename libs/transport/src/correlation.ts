import type { Delivery } from './broker.port';

/** What each log line about an event carries, so that all lines about it can be found, at whichever app they were written. */
export interface Correlation {
  /** The id that its publisher gave the event, or else the event manager. */
  readonly eventId: string | undefined;
  /** Of the trace that it belongs to, if it is traced. */
  readonly traceId?: string;
}

const TRACEPARENT = /^[0-9a-f]{2}-([0-9a-f]{32})-/;

export function correlationOf({ messageId, headers }: Pick<Delivery, 'messageId' | 'headers'>): Correlation {
  const traceId = TRACEPARENT.exec(String(headers.traceparent ?? ''))?.[1];
  return { eventId: messageId, ...(traceId !== undefined && { traceId }) };
}
