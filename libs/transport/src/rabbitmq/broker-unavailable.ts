import { DbEventError } from '@dbem/db-event';

/** The one error for "there is no working connection or channel": whatever was under way is unknown. */
export function brokerUnavailable(reason: string, cause?: unknown): DbEventError {
  return new DbEventError('BROKER_UNAVAILABLE', `The broker can't be used now: ${reason}`, { retryable: true, cause });
}

/** The AMQP reply code of what is not there. */
export const NOT_FOUND = 404;

/** The AMQP reply code of an amqplib error; undefined if it has none. */
export function replyCodeOf(error: unknown): number | undefined {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'number' ? code : undefined;
}
