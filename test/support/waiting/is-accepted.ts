import { DbEventError } from '@dbem/db-event';

/**
 * For `waitFor`: true if `operation` resolves, false if it rejects with a retryable error. Rejects with any other
 * error.
 */
export async function isAccepted(operation: Promise<unknown>): Promise<boolean> {
  try {
    await operation;
    return true;
  } catch (error) {
    if (error instanceof DbEventError && error.retryable) return false;
    throw error;
  }
}
