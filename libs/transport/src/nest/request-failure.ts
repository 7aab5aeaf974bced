import { DbEventError } from '@dbem/db-event';

/** The error that a failed request is answered with. */
export function requestFailureOf(error: unknown): DbEventError {
  return error instanceof DbEventError ? error : new DbEventError('RPC_FAILED', String(error), { cause: error });
}
