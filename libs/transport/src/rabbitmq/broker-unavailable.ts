import { DbEventError } from '@dbem/db-event';

/** The error for a missing or lost connection or channel. The outcome of what was in flight is unknown. */
export function brokerUnavailable(reason: string, cause?: unknown): DbEventError {
  return new DbEventError('BROKER_UNAVAILABLE', `The broker is unavailable: ${reason}`, { retryable: true, cause });
}

/** AMQP reply code. */
export const NOT_FOUND = 404;

/** The AMQP reply code of an amqplib error; undefined if it has none. */
export function replyCodeOf(error: unknown): number | undefined {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'number' ? code : undefined;
}
