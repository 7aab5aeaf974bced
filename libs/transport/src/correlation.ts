import type { Delivery } from './broker.port';

/** Fields of every log line about an event, so that its lines can be found across all processes. */
export interface Correlation {
  /** Assigned by the publisher, or by the event manager if the publisher set none. */
  readonly eventId: string | undefined;
  /** Absent if the event is not traced. */
  readonly traceId?: string;
}

const TRACEPARENT = /^[0-9a-f]{2}-([0-9a-f]{32})-/;

export function correlationOf({ messageId, headers }: Pick<Delivery, 'messageId' | 'headers'>): Correlation {
  const traceId = TRACEPARENT.exec(String(headers.traceparent ?? ''))?.[1];
  return { eventId: messageId, ...(traceId !== undefined && { traceId }) };
}
