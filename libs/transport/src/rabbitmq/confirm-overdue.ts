import { DbEventError } from '@dbem/db-event';

export function confirmOverdue(timeoutMs: number): DbEventError {
  const reason = `The broker answers, but has not confirmed the message within ${timeoutMs} ms; it may have arrived`;
  return new DbEventError('CONFIRM_OVERDUE', reason, { retryable: true });
}
