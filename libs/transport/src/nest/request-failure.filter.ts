import { DbEventError } from '@dbem/db-event';
import { Catch, type RpcExceptionFilter } from '@nestjs/common';
import { type Observable, throwError } from 'rxjs';
import { requestFailureOf } from './request-failure';

/** Whether an error has a temporary cause, so that a retry may succeed. */
export type IsTransient = (error: unknown) => boolean;

/**
 * Converts whatever a method throws to the error that is sent to the requester. Transient database errors become
 * retryable; other errors are retryable only if they already are.
 */
@Catch()
export class RequestFailureFilter implements RpcExceptionFilter {
  constructor(private readonly isTransient: IsTransient) {}

  catch(error: unknown): Observable<never> {
    return throwError(() => this.failureOf(error));
  }

  private failureOf(error: unknown): DbEventError {
    if (error instanceof DbEventError || !this.isTransient(error)) return requestFailureOf(error);
    return new DbEventError('DATABASE_UNAVAILABLE', `The database is unavailable: ${error}`, {
      retryable: true,
      cause: error,
    });
  }
}
