import { DbEventError } from '@dbem/db-event';

/** What a request is refused with. */
export function requestFailureOf(error: unknown): DbEventError {
  return error instanceof DbEventError ? error : new DbEventError('RPC_FAILED', String(error), { cause: error });
}
