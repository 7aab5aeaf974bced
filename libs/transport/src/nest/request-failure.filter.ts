import { DbEventError } from '@dbem/db-event';
import { Catch, type RpcExceptionFilter } from '@nestjs/common';
import { type Observable, throwError } from 'rxjs';
import { requestFailureOf } from './request-failure';

/** Whether what a method threw has a cause that passes. */
export type IsTransient = (error: unknown) => boolean;

/**
 * ReadWriteLock whatever a method throws into what the request is refused with. It tells who asked whether to ask again: what fails for a
 * passing reason of the database is retryable, and nothing else is that does not say so itself.
 */
@Catch()
export class RequestFailureFilter implements RpcExceptionFilter {
  constructor(private readonly isTransient: IsTransient) {}

  catch(error: unknown): Observable<never> {
    return throwError(() => this.refusalOf(error));
  }

  private refusalOf(error: unknown): DbEventError {
    if (error instanceof DbEventError || !this.isTransient(error)) return requestFailureOf(error);
    return new DbEventError('DATABASE_UNAVAILABLE', `The database can't answer now: ${error}`, {
      retryable: true,
      cause: error,
    });
  }
}
